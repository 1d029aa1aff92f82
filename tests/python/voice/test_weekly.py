"""Weekly counts, asked on each day: which weeks are compared, and from when on."""

import numpy as np
import pandas as pd
import pytest

from customer_success.voice import rising, weekly_tests


def days_of(households, customers=1000):
    dates = pd.date_range("2026-01-01", periods=len(households))
    return pd.DataFrame({"day": dates, "households": households, "customers": customers})


def test_a_day_is_compared_with_the_same_weekday_of_the_weeks_before():
    households = np.arange(23)
    tested = weekly_tests(days_of(households), weeks=3)
    assert tested["day"].dt.strftime("%m-%d").tolist() == ["01-22", "01-23"]
    assert tested["households"].tolist() == [21, 22]
    assert tested["mean_before"].tolist() == [(14 + 7 + 0) / 3, (15 + 8 + 1) / 3]
    by_hand = rising([[21, 14, 7, 0]], [[1000] * 4])
    assert tested["p_value"].iloc[0] == by_hand.p_value[0]


def test_fewer_weeks_are_not_evaluated():
    assert len(weekly_tests(days_of([5] * 21), weeks=3)) == 0
    assert len(weekly_tests(days_of([5] * 22), weeks=3)) == 1
    assert weekly_tests(days_of([]), weeks=3).columns.tolist() == [
        "day",
        "households",
        "mean_before",
        "p_value",
    ]


def test_order_of_the_rows_does_not_matter():
    days = days_of(np.arange(30))
    pd.testing.assert_frame_equal(weekly_tests(days, weeks=3), weekly_tests(days.iloc[::-1], weeks=3))


def test_a_missing_day_is_refused():
    with pytest.raises(ValueError, match="missing"):
        weekly_tests(days_of(np.arange(30)).drop(index=5), weeks=3)
