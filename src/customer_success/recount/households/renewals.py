"""Renewals of long subscriptions: when they are, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from .facts import Home, World, latest_sunday
from .scorecards import primary_score
from .values import cents, day_number
from .versions import Version

F = Fraction
BEFORE = (90, 60, 30)


def renewal_rows(home: Home, world: World) -> Iterator[dict]:
    """Make the rows of fct_renewals, without what all renewals together say."""
    if home.never:
        return
    d = world.as_of
    for name in sorted(home.line.subscriptions):
        for day, version in _renewals(home, name, d):
            yield {
                "subscription_id": name,
                "renewal_on": day,
                "mrr": None if version.mrr is None else cents(version.mrr),
                **{f"health_{n}d_before": _health(home, day - n, world) for n in BEFORE},
                "health_now": primary_score(home, d, world),
                "status": _status(home, version, day, d),
            }


def _renewals(home: Home, name: str, d: int) -> Iterator[tuple[int, Version]]:
    """Yield the ends of periods with the version that paid the day before, or that pays now."""
    ends = {
        day_number(version.current_period_end)
        for version in home.line.subscriptions[name].versions
        if not pd.isna(version.current_period_end)
    }
    whole = home.rules.whole
    for day in sorted(ends):
        if not d - whole("renewal_days_behind") <= day <= d + whole("renewal_days_ahead"):
            continue
        seen = min(day - 1, d)
        version = home.line.version_at(name, seen)
        if version is None or not version.paying or seen >= home.line.closed_day:
            continue
        if pd.isna(version.current_period_end) or day_number(version.current_period_end) != day:
            continue
        if _interval_days(version) >= whole("renewal_min_interval_days"):
            yield day, version


def days_to_renewal(home: Home, d: int) -> int | None:
    """Return the days to the next renewal of a long subscription at d; None where none is ahead.

    A subscription that is to end by then has none.
    """
    least = home.rules.whole("renewal_min_interval_days")
    days = [
        day_number(version.current_period_end) - d
        for version in home.line.live_at(d)
        if version.paying
        and not pd.isna(version.current_period_end)
        and _interval_days(version) >= least
        and not _is_leaving(version)
    ]
    return min((left for left in days if left >= 0), default=None)


def _interval_days(version: Version) -> int:
    """Return the days between two bills; 0 where they are unknown."""
    price = version.price
    if price is None or not price.interval_count:
        return 0
    return version.rules.interval_days.get(price.interval, 0) * price.interval_count


def _status(home: Home, version: Version, day: int, d: int) -> str | None:
    """Return what became of a renewal after the days of grace; None where an MRR is unknown."""
    settled = day + home.rules.grace_days
    if d < settled:
        return "cancellation_scheduled" if _is_leaving(version) else "ahead"
    then = home.line.version_at(version.subscription_id, settled)
    if then is None or not then.paying or settled >= home.line.closed_day:
        return "not_renewed"
    if then.mrr is None or version.mrr is None:
        return None
    now, before = cents(then.mrr), cents(version.mrr)
    return "renewed" if now == before else "expanded" if now > before else "renewed_smaller"


def _is_leaving(version: Version) -> bool:
    """Return whether the subscription is to end by the end of its period."""
    at = version.cancel_at
    return bool(version.cancel_at_period_end) or (not pd.isna(at) and at <= version.current_period_end)


def _health(home: Home, day: int, world: World) -> int | None:
    """Return the primary score of the latest Sunday on or before a day; None while that day is ahead."""
    if day > world.as_of or latest_sunday(day) not in world.score_dates():
        return None
    return primary_score(home, latest_sunday(day), world)
