"""Intervals of net sentiment, and themes that are mentioned more than before."""

import numpy as np
import pandas as pd
import pytest

from customer_success.statistics import ratio_interval
from customer_success.voice import theme_changes, theme_intervals

SETTINGS = {"replicates": 400, "seed": 7}


def rows_of(theme, positive, negative, first=0):
    size = len(positive)
    return pd.DataFrame(
        {
            "month_start": pd.Timestamp("2026-03-01"),
            "channel": "all",
            "theme": theme,
            "household_number": np.arange(first, first + size),
            "positive": positive,
            "negative": negative,
        }
    )


def test_the_interval_is_the_bootstrap_over_households():
    positive, negative = [1, 0, 2, 1, 0, 1, 0, 3, 1, 0, 1, 1], [0, 1, 1, 0, 2, 0, 1, 0, 0, 1, 0, 0]
    (row,) = theme_intervals(rows_of("price", positive, negative), **SETTINGS).itertuples()
    by_hand = ratio_interval(
        np.subtract(positive, negative), np.add(positive, negative), minimum=0, **SETTINGS
    )
    assert (row.ci_low, row.ci_high) == (by_hand.ci_low, by_hand.ci_high)
    assert row.ci_low < by_hand.value < row.ci_high


def test_neutral_households_change_no_interval():
    mixed = rows_of("price", [1, 0, 1, 1, 0], [0, 1, 0, 0, 1])
    neutral = rows_of("price", [0, 0], [0, 0], first=50)
    alone = theme_intervals(mixed, **SETTINGS)
    together = theme_intervals(pd.concat([mixed, neutral]), **SETTINGS)
    pd.testing.assert_frame_equal(alone, together)


@pytest.mark.parametrize(("positive", "negative"), [([1, 2, 1], [0, 0, 0]), ([1], [1]), ([0, 0], [0, 0])])
def test_no_interval_has_no_width(positive, negative):
    one = theme_intervals(rows_of("price", positive, negative), **SETTINGS)
    other = pd.concat([rows_of("price", positive, negative), rows_of("support", [1, 0, 1], [0, 1, 0])])
    both = theme_intervals(other, **SETTINGS)
    assert one[["ci_low", "ci_high"]].isna().all(axis=None)
    assert both["ci_low"].isna().tolist() == [True, False]


def test_nothing_gives_nothing():
    nothing = rows_of("price", [], [])
    assert theme_intervals(nothing, **SETTINGS).columns.tolist() == [
        *("month_start", "channel", "theme", "ci_low", "ci_high")
    ]


def windows_of(theme, counts):
    return pd.DataFrame(
        {"theme": theme, "window_number": range(len(counts)), "households": counts, "customers": 500.0}
    )


def test_a_rise_is_corrected_for_the_number_of_themes():
    usual = [20, 19, 21, 20, 22, 18, 20, 21, 19, 20, 22, 18, 20]
    table = pd.concat([windows_of("price", [60, *usual[1:]]), windows_of("support", usual)])
    changes = theme_changes(table).set_index("theme")
    assert changes.loc["price", "households_30d"] == 60
    assert changes.loc["price", "p_holm"] == pytest.approx(2 * changes.loc["price", "p_value"]) and (
        changes.loc["price", "p_holm"] < 0.01
    )
    assert changes.loc["support", "p_holm"] > 0.3


def test_a_window_that_is_unknown_leaves_its_theme_untested():
    table = windows_of("price", [60.0, 20.0, 20.0, None])
    (row,) = theme_changes(table).itertuples()
    assert row.households_30d == 60 and np.isnan(row.p_value) and np.isnan(row.p_holm)
