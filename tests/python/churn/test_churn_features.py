"""The encoder: learned from training rows, then fixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from customer_success.churn.features import MOST_CATEGORIES, RARE, RARE_ROWS, FeatureEncoder, reference_values


def category(values) -> pd.Series:
    return pd.Series(values, dtype="category")


def test_columns_that_do_not_vary_are_dropped_and_reported():
    frame = pd.DataFrame(
        {"constant": 1.0, "unknown": np.nan, "gaps": [1.0, np.nan] * 5, "x": np.arange(10.0)}
    )
    encoder = FeatureEncoder().fit(frame)
    assert encoder.columns_ == ["gaps", "x"]
    assert [note.split(":")[0] for note in encoder.notes()] == ["constant", "unknown"]
    assert list(encoder.transform(frame).columns) == ["gaps", "x"]


def test_categories_are_learned_in_training():
    train = pd.DataFrame({"plan": category(["a"] * RARE_ROWS + ["b"] * RARE_ROWS + ["c"] * (RARE_ROWS - 1))})
    encoder = FeatureEncoder().fit(train)
    seen = encoder.transform(pd.DataFrame({"plan": category(["c", "new", "b", None, "a"])}))["plan"]
    assert seen.tolist() == [RARE, np.nan, "b", np.nan, "a"]
    assert list(seen.cat.categories) == sorted([RARE, "a", "b"])
    assert encoder.notes() == [f"plan: 1 of 3 categories grouped as {RARE}"]


def test_thousands_of_categories_become_at_most_as_many_as_boosting_takes():
    codes = np.concatenate([np.repeat(np.arange(300), RARE_ROWS + 1), np.arange(300, 5000)])
    frame = pd.DataFrame({"id_like": category([f"v{code:05d}" for code in codes])})
    encoded = FeatureEncoder().fit(frame).transform(frame)["id_like"]
    assert len(encoded.cat.categories) == MOST_CATEGORIES + 1
    assert (encoded == RARE).sum() == len(codes) - MOST_CATEGORIES * (RARE_ROWS + 1)


def test_a_column_of_another_kind_is_refused_by_name():
    encoder = FeatureEncoder().fit(pd.DataFrame({"x": [1.0, 2.0], "plan": category(["a", "b"])}))
    with pytest.raises(ValueError, match=r"'x'.*numbers"):
        encoder.transform(pd.DataFrame({"x": category(["1", "2"]), "plan": category(["a", "b"])}))
    with pytest.raises(ValueError, match=r"'plan'.*text"):
        encoder.transform(pd.DataFrame({"x": [1.0], "plan": [2.0]}))
    with pytest.raises(ValueError, match="'plan' is missing"):
        encoder.transform(pd.DataFrame({"x": [1.0]}))


def test_a_column_that_is_unknown_throughout_later_is_no_other_kind():
    encoder = FeatureEncoder().fit(pd.DataFrame({"x": [1.0, 2.0], "plan": category(["a", "b"])}))
    later = encoder.transform(pd.DataFrame({"x": category([None, None]), "plan": [np.nan, np.nan]}))
    assert later.isna().all(axis=None)
    assert later["plan"].dtype == "category" and later["x"].dtype == float


def test_reference_is_the_median_or_the_most_frequent():
    frame = pd.DataFrame({"x": [1.0, 2.0, 9.0, np.nan], "plan": category(["b", "a", "b", "a"])})
    assert reference_values(frame) == {"x": 2.0, "plan": "a"}
