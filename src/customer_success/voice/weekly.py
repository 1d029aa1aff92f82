"""Has a weekly count risen above those of the weeks before? Asked on each day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .rising import rising

WEEK = 7


def weekly_tests(days: pd.DataFrame, *, weeks: int) -> pd.DataFrame:
    """Return day, households, mean_before, p_value of each day that ``weeks`` complete weeks precede.

    ``days``: consecutive days with the households of the 7 days up to each and the customers on it. Day d is
    compared with d - 7, d - 14 and so on, so that no two weeks overlap; the tests are those of `rising`.
    ValueError where a day is missing.
    """
    ordered = days.sort_values("day", ignore_index=True)
    dates = pd.to_datetime(ordered["day"])
    if len(dates) > 1 and dates.diff().dt.days.iloc[1:].ne(1).any():
        raise ValueError("a day is missing or there twice")
    first = WEEK * weeks
    if len(ordered) <= first:
        return ordered.head(0)[["day", "households"]].assign(mean_before=0.0, p_value=0.0)
    places = np.arange(first, len(ordered))[:, None] - WEEK * np.arange(weeks + 1)
    households = ordered["households"].to_numpy(float)[places]
    tested = rising(households, ordered["customers"].to_numpy(float)[places])
    return pd.DataFrame(
        {
            "day": ordered["day"].to_numpy()[first:],
            "households": ordered["households"].to_numpy()[first:],
            "mean_before": households[:, 1:].mean(axis=1),
            "p_value": tested.p_value,
        }
    )
