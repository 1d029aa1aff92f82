"""The dates of a period's name, computed a second time, by the calendar of pandas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

_CALENDAR = {"week": "W-SUN", "month": "M", "quarter": "Q-DEC"}


@dataclass(frozen=True)
class Days:
    """Grain, first and last day of a period."""

    grain: str
    start: date
    end: date


def days_of(name: str, as_of: date) -> Days | None:
    """Return the days of `2026-W26`, `2026-06`, `2026-Q2`, `trailing_90` or `quarter-1`; None for no period.

    ``as_of`` is the last complete day: `trailing_90` ends on it, and `quarter-1` is the last quarter that had
    ended on it.
    """
    if trailing := re.fullmatch(r"trailing_(\d+)", name):
        return Days(name, as_of - timedelta(days=int(trailing[1]) - 1), as_of)
    if counted := re.fullmatch(r"(week|month|quarter)-(\d+)", name):
        running = pd.Period(pd.Timestamp(as_of) + pd.Timedelta(days=1), _CALENDAR[counted[1]])
        return _of(counted[1], running - int(counted[2]))
    try:
        if re.fullmatch(r"\d{4}-W\d\d", name):
            monday = datetime.strptime(f"{name}-1", "%G-W%V-%u")
            return _of("week", pd.Period(monday, _CALENDAR["week"]))
        if re.fullmatch(r"\d{4}-Q\d", name):
            return _of("quarter", pd.Period(name.replace("-", ""), _CALENDAR["quarter"]))
        if re.fullmatch(r"\d{4}-\d\d", name):
            return _of("month", pd.Period(name, _CALENDAR["month"]))
    except ValueError:
        return None
    return None


def _of(grain: str, period: pd.Period) -> Days:
    return Days(grain, period.start_time.date(), period.end_time.date())
