"""Names of periods in claims, and the dates of these periods in the ledger of metric values.

`2026-W26`, `2026-06` and `2026-Q2` are a week from Monday on, a month and a quarter; `trailing_90` are the 90
days that end on `as_of_date` (the ledger has those of var trailing_days). `week-1`, `month-1` and `quarter-1`
are the last complete ones on that day, `quarter-5` is the quarter a year before `quarter-1`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

TRAILING = r"trailing_([1-9]\d*)"
MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the ledger; both days are included."""

    grain: str
    start: date
    end: date

    def is_complete(self, as_of: date) -> bool:
        """Whether the period is over at the end of `as_of`."""
        return self.end <= as_of


def resolve(name: str, as_of: date) -> Period:
    """Return the period of a name as of a date. Raises ValueError for a name that is no period."""
    if found := re.fullmatch(TRAILING, name):
        return Period(name, as_of - timedelta(days=int(found[1]) - 1), as_of)
    if found := re.fullmatch(r"(week|month|quarter)-([1-9]\d*)", name):
        return _ago(found[1], int(found[2]), as_of)
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", name):
        return _week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", name):
        return _months("quarter", int(found[1]) * 12 + 3 * int(found[2]) - 3)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
        if not 1 <= int(found[2]) <= 12:
            raise ValueError(f"{name!r} is no month")
        return _months("month", int(found[1]) * 12 + int(found[2]) - 1)
    raise ValueError(f"{name!r} is no period: 2026-W26, 2026-06, 2026-Q2, trailing_90, quarter-1")


def _ago(grain: str, back: int, as_of: date) -> Period:
    """The period that is `back` before the one in which the day after `as_of` lies."""
    after = as_of + timedelta(days=1)
    if grain == "week":
        return _week(after - timedelta(days=after.weekday() + 7 * back))
    length = MONTHS[grain]
    first = (after.year * 12 + after.month - 1) // length * length
    return _months(grain, first - back * length)


def _week(monday: date) -> Period:
    return Period("week", monday, monday + timedelta(days=6))


def _months(grain: str, first: int) -> Period:
    """The month or quarter that begins in a month, counted from the year 0."""
    after = first + MONTHS[grain]
    end = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(grain, date(first // 12, first % 12 + 1, 1), end)
