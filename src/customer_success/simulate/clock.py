"""The calendar: days are counted from the first simulated day, weeks begin on Monday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from .parameters import GAP, HORIZON

DAY_US = 86_400_000_000
SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
NAT = np.iinfo(np.int64).min  # a missing timestamp (microseconds)
NEVER = 1_000_000  # a day index that is never reached

INTERVALS = ("month", "year", "week", "day", "month")
INTERVAL_COUNTS = (1, 1, 1, 1, 3)
_MONTHS = np.array([1, 12, 0, 0, 3])
_DAYS = np.array([30, 365, 7, 1, 91])


@dataclass(frozen=True)
class Calendar:
    """Day 0 is the first day of history, day `days` the day after the end date (half a day)."""

    end_date: date
    days: int

    @property
    def epoch(self) -> int:
        """Days from 1970-01-01 to day 0."""
        return (self.end_date - date(1970, 1, 1)).days - self.days + 1

    @property
    def offset(self) -> int:
        """Weekday of day 0 (Monday 0)."""
        return (self.epoch + 3) % 7

    @property
    def weeks(self) -> int:
        """Weeks of latent history: to the day on which the last label is decided."""
        return (self.days + HORIZON + GAP + self.offset) // 7 + 1

    @property
    def export(self) -> int:
        """Moment of the export, microseconds since 1970: noon of the day after the end date."""
        return int(self.us(np.int64(self.days))) + 12 * HOUR_US

    def us(self, day: np.ndarray) -> np.ndarray:
        """Midnight at which a day begins, microseconds since 1970."""
        return (np.asarray(day, dtype=np.int64) + self.epoch) * DAY_US

    def day(self, us: np.ndarray) -> np.ndarray:
        return us // DAY_US - self.epoch

    def monday(self, week: int) -> int:
        return 7 * week - self.offset

    def next_renewal(self, anchor: np.ndarray, interval: np.ndarray, day: np.ndarray) -> np.ndarray:
        """First period end strictly after `day` of subscriptions anchored on day `anchor`."""
        anchor, interval, day = (np.asarray(a, dtype=np.int64) for a in (anchor, interval, day))
        length = _DAYS[interval]
        plain = anchor + ((day - anchor) // length + 1) * length
        months = _MONTHS[interval]
        by_month = np.flatnonzero(months > 0)
        if len(by_month) == 0:
            return plain
        step, first = months[by_month], anchor[by_month]
        at_month = self._month(first)
        k = (self._month(day[by_month]) - at_month) // step
        candidate = self._in_month(first, at_month + k * step)
        following = self._in_month(first, at_month + (k + 1) * step)
        plain[by_month] = np.where(candidate > day[by_month], candidate, following)
        return plain

    def _month(self, day: np.ndarray) -> np.ndarray:
        return (day + self.epoch).astype("M8[D]").astype("M8[M]").astype(np.int64)

    def _in_month(self, anchor: np.ndarray, month: np.ndarray) -> np.ndarray:
        """The anchor's day of month in another month, or that month's last day."""
        dates = (anchor + self.epoch).astype("M8[D]")
        day_of_month = (dates - dates.astype("M8[M]")).astype(np.int64)
        begin = month.astype("M8[M]").astype("M8[D]").astype(np.int64)
        last = (month + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - 1
        return np.minimum(begin + day_of_month, last) - self.epoch


def approximate_days(interval: np.ndarray) -> np.ndarray:
    """Length of a billing period in days (a month is 30)."""
    return _DAYS[interval]
