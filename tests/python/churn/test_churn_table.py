"""Reading a table: errors name the column, and other tables become arrays."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from churn_panels import SPEC, panel

from customer_success.churn import ChurnSpec, read_table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return panel(40, 5, seed=3)


def assert_same(one, other):
    pd.testing.assert_frame_equal(one.features, other.features)
    for name in ("household", "ids", "date", "label", "activity", "days_to_left"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def with_value(column, value, row=0):
    def change(table):
        table = table.copy()
        table[column] = table[column].astype(object) if not np.isscalar(value) else table[column]
        table.loc[row, column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        (lambda t: t.drop(columns="household_id"), "household_id", "missing"),
        (lambda t: t.drop(columns="churned_next_30d"), "churned_next_30d", "missing"),
        (lambda t: t.drop(columns="days_since_last_activity"), "days_since_last_activity", "missing"),
        (lambda t: pd.concat([t, t[["plan"]]], axis=1), "plan", "twice"),
        (with_value("household_id", None), "household_id", "null"),
        (with_value("snapshot_date", pd.NaT), "snapshot_date", "null"),
        (lambda t: t.assign(snapshot_date="soon"), "snapshot_date", "dates"),
        (
            lambda t: t.assign(churned_next_30d=pd.array([None] * len(t), "boolean")),
            "churned_next_30d",
            "null",
        ),
        (lambda t: t.assign(churned_next_30d="maybe"), "churned_next_30d", "positive"),
        (lambda t: t.assign(churned_next_30d=2), "churned_next_30d", "positive"),
        (lambda t: pd.concat([t, t[:1]]), "household_id", "repeat"),
        (with_value("noise", np.inf), "noise", "infinite"),
        (with_value("usage_trend", -np.inf), "usage_trend", "infinite"),
        (with_value("days_since_last_activity", np.inf), "days_since_last_activity", "infinite"),
        (lambda t: t.assign(signed_up=t.snapshot_date), "signed_up", "days between"),
        (lambda t: t.assign(signed_up=[date(2024, 1, 1)] * len(t)), "signed_up", "days between"),
        (lambda t: t.assign(age=timedelta(days=3)), "age", "number of days"),
        (lambda t: t.assign(odd=[1, "a"] * (len(t) // 2) + [1] * (len(t) % 2)), "odd", "mixes kinds"),
        (
            lambda t: t.assign(household_id=[date(2024, 1, 1), 5, *t.household_id[2:]]),
            "household_id",
            "mixes kinds",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_column(table, change, column, words):
    with pytest.raises(ValueError, match=rf"{column}.*{words}|{words}.*{column}"):
        read_table(change(table), SPEC)


@pytest.mark.parametrize("feature", ["household_id", "churned_next_30d", "snapshot_date", "days_to_left"])
def test_columns_with_another_role_are_no_features(table, feature):
    spec = ChurnSpec(**{**vars(SPEC), "features": ("noise", feature)})
    with pytest.raises(ValueError, match=feature):
        read_table(table, spec)
    assert feature not in read_table(table, SPEC).features


def test_without_features_there_is_nothing_to_learn_from(table):
    with pytest.raises(ValueError, match="no column left"):
        read_table(table[["household_id", "snapshot_date", "churned_next_30d", "days_to_left"]], SPEC)


def test_arrow_and_pandas_give_the_same(table):
    assert_same(read_table(table, SPEC), read_table(pa.Table.from_pandas(table), SPEC))


def test_the_order_of_rows_does_not_matter(table):
    shuffled = table.sample(frac=1, random_state=1)
    assert_same(read_table(table, SPEC), read_table(shuffled, SPEC))
    assert_same(
        read_table(table, SPEC), read_table(pa.Table.from_pandas(shuffled, preserve_index=False), SPEC)
    )


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        ([True, False, True], None),
        ([1, 0, 1], None),
        ([1.0, 0.0, 1.0], None),
        (pd.array([1, 0, 1], "Int64"), None),
        (pd.array([True, False, True], "boolean"), None),
        (["Yes", "No", "Yes"], "Yes"),
        (pd.Categorical(["left", "stayed", "left"]), "left"),
    ],
)
def test_label_forms(labels, positive):
    frame = pd.DataFrame({"id": [1, 2, 3], "x": [1.0, 2.0, 3.0], "y": labels})
    data = read_table(frame, ChurnSpec("id", "y", positive=positive))
    assert data.label.tolist() == [1, 0, 1]


def test_a_label_with_three_values_is_refused():
    frame = pd.DataFrame({"id": [1, 2, 3], "x": 1.0, "y": ["Yes", "No", "yes"]})
    with pytest.raises(ValueError, match="'y'"):
        read_table(frame, ChurnSpec("id", "y", positive="Yes"))


def test_features_become_numbers_or_categories():
    frame = pd.DataFrame(
        {
            "id": ["b", "a"],
            "y": [0, 1],
            "flag": [True, None],
            "nullable": pd.array([1, None], "Int64"),
            "money": [Decimal("1.50"), None],
            "nothing": [None, None],
            "text": ["x", None],
            "level": pd.Categorical([3, 1]),
        }
    )
    features = read_table(frame, ChurnSpec("id", "y")).features
    assert features["flag"].tolist()[1] == 1.0 and np.isnan(features["flag"][0])
    assert features["nullable"].tolist()[1] == 1.0 and np.isnan(features["nullable"][0])
    assert features["money"].tolist()[1] == 1.5
    assert features["nothing"].isna().all() and features["nothing"].dtype == float
    assert features["text"].dtype == "category" and features["text"][1] == "x"
    assert features["level"].tolist() == ["1", "3"]


def test_scoring_needs_no_label(table):
    data = read_table(table.drop(columns=["churned_next_30d", "days_to_left"]), SPEC, labelled=False)
    assert data.label is None and data.days_to_left is None and len(data) == len(table)
