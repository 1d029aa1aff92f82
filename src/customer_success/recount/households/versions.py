"""Versions of subscriptions, cut into stretches of days in which nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import pandas as pd

from .discounts import Reduction
from .offer import Offer
from .prices import Price
from .rules import Rules
from .terms import Line, Terms
from .values import FAR, day_number, ending_day

F = Fraction
NO_TERMS = Terms()


@dataclass
class Version:
    """One version of a subscription, or a stretch of its days, from the day at whose end it first holds.

    ``ends``: the first day on which it is not in force although no later version says so. ``is_free``: a free
    period of somebody who paid before.
    """

    subscription_id: str
    day: int
    start: pd.Timestamp
    status: str
    quantity: Fraction
    cancel_at_period_end: bool | None
    cancel_at: pd.Timestamp
    current_period_end: pd.Timestamp
    ended_at: pd.Timestamp
    rules: Rules
    price_id: str | None = None
    terms: Terms = NO_TERMS
    ends: int = FAR
    paused_until: int | None = None
    is_free: bool = False
    is_backfilled: bool = False
    has_items: bool = False

    @property
    def price(self) -> Price | None:
        """The price of the highest plan."""
        return self.terms.price

    @property
    def plan(self) -> str | None:
        """The plan of its product; the lowest one where nothing is sold; None where it is unknown."""
        return self.rules.plans[0] if self.terms.is_nothing else self.terms.plan

    @property
    def in_force(self) -> bool:
        """Whether the household has its plan."""
        return self.status in self.rules.in_force and self.day < self.ends and not self.terms.is_nothing

    @property
    def is_paused(self) -> bool:
        """Whether Stripe collects nothing for a while."""
        return self.paused_until is not None and self.day < self.paused_until

    @property
    def paying(self) -> bool:
        """Whether it is paid for; a free period is, and a trial or a pause is not."""
        pays = self.status in self.rules.paying or self.is_free
        return self.in_force and pays and not self.is_paused

    @property
    def is_trial(self) -> bool:
        """Whether it has its plan for a trial."""
        return self.in_force and self.status not in self.rules.paying and not self.is_free

    @property
    def failing(self) -> bool:
        """Whether its payment failed."""
        return self.status in self.rules.failing

    @property
    def leaving(self) -> bool:
        """Whether its end is scheduled."""
        return bool(self.cancel_at_period_end) or not pd.isna(self.cancel_at)

    @property
    def mrr(self) -> Fraction | None:
        """Monthly value after coupons; None where it is unknown."""
        return self.terms.net if self.paying and not self.is_free else F(0)

    @property
    def mrr_list(self) -> Fraction | None:
        """Monthly value before coupons; 0 in a trial, a free period or a pause."""
        sells = self.paying and not self.is_free and not self.terms.is_free
        return self.terms.gross if sells else F(0)

    @property
    def reason(self) -> str | None:
        """Why the monthly value is unknown."""
        return self.terms.reason if self.mrr is None else None


@dataclass(frozen=True)
class Item:
    """An item of a subscription: its line, and the day from which it counts."""

    day: int
    line: Line
    period_end: pd.Timestamp


def stretches(
    rows: Sequence, items: Sequence[Item], reductions: Sequence[Reduction], offer: Offer
) -> list[Version]:
    """Cut the versions of one subscription (rows in the order of their start) into stretches.

    Of each version the first stretch is there even if a later version begins on its first day.
    """
    versions, rules = _dated(rows, offer.rules), offer.rules
    found: list[Version] = []
    for place, (row, version, end) in enumerate(versions):
        until = min((later.day for _, later, _ in versions[place + 1 :]), default=FAR)
        own = None if row.price_id is None else Line("", offer.prices.get(row.price_id), version.quantity)
        version.is_free = version.status in rules.trialing and any(one.paying for one in found)
        version.current_period_end = _period_end(version, items)
        first_day = version.day
        for day in _days(version, () if own else items, reductions, until):
            stretch = version if day == first_day else replace(version, day=day)
            lines = [own] if own else [item.line for item in items if item.day <= day]
            coupons = [one.coupon for one in reductions if one.start <= day < one.end]
            stretch.terms = offer.terms(lines, coupons, first_day)
            stretch.has_items = own is None and bool(lines)
            stretch.quantity = stretch.terms.seats if stretch.has_items else one_or(row.quantity)
            stretch.ended_at = end if day >= version.ends else row.ended_at
            found.append(stretch)
    return found


def _period_end(version: Version, items: Sequence[Item]) -> pd.Timestamp:
    """Return the end of the present period, of the items where the subscription does not say."""
    if not pd.isna(version.current_period_end):
        return version.current_period_end
    return min((item.period_end for item in items if not pd.isna(item.period_end)), default=pd.NaT)


@lru_cache(maxsize=10_000)
def one_or(quantity) -> Fraction:
    return F(1) if quantity is None or quantity != quantity else F(quantity)


def _days(version: Version, items: Iterable[Item], reductions: Iterable[Reduction], until: int) -> list[int]:
    """Return the first day of a version, and those within it on which something begins or ends."""
    days = [version.ends, *(item.day for item in items)]
    days += [] if version.paused_until is None else [version.paused_until]
    for reduction in reductions:
        days += [reduction.start, reduction.end]
    return sorted({version.day, *(day for day in days if version.day < day < until)})


def _dated(rows: Sequence, rules: Rules) -> list[tuple[object, Version, pd.Timestamp]]:
    """Return each row with its version, from the day on which it holds, and when it ends by itself."""
    found: list[tuple[object, Version, pd.Timestamp]] = []
    for place, row in enumerate(rows):
        version, end = _version(row, rules), row.ended_at
        ended = FAR if pd.isna(row.ended_at) else ending_day(row.ended_at)
        if version.status in rules.in_force:
            version.ends, end = _end(row, ended, place == len(rows) - 1)
            if place == 0 and not pd.isna(row.start_date) and day_number(row.start_date) < version.day:
                version.day, version.is_backfilled = day_number(row.start_date), True
        else:
            early = list(_before(row, version, ended, rules)) if place == 0 else []
            found += [(row, one, pd.NaT) for one in early]
            version.day = ended if early else min(version.day, ended)
        found.append((row, version, end))
    return found


def _version(row, rules: Rules) -> Version:
    pauses = None
    if row.pause_collection_behavior:
        resumes = row.pause_collection_resumes_at
        pauses = FAR if pd.isna(resumes) else day_number(resumes)
    return Version(
        subscription_id=row.id,
        day=day_number(row.fivetran_start),
        start=row.fivetran_start,
        status=row.status,
        quantity=one_or(row.quantity),
        cancel_at_period_end=row.cancel_at_period_end,
        cancel_at=row.cancel_at,
        current_period_end=row.current_period_end,
        ended_at=row.ended_at,
        rules=rules,
        price_id=row.price_id,
        paused_until=pauses,
    )


def _end(row, ended: int, is_last: bool) -> tuple[int, pd.Timestamp]:
    """Return the first day on which a version is no longer in force although it says so, and the moment."""
    ends = [(ended, row.ended_at)]
    if not pd.isna(row.cancel_at):
        ends.append((day_number(row.cancel_at), row.cancel_at))
    if is_last and row.fivetran_active is False and not pd.isna(row.fivetran_end):
        ends.append((ending_day(row.fivetran_end), row.fivetran_end))
    return min(ends, key=lambda pair: pair[0])


def _before(row, version: Version, ended: int, rules: Rules) -> Iterator[Version]:
    """Yield what went before a first version that is already over: its history began late."""
    known = [moment for moment in (row.start_date, row.created, row.fivetran_start) if not pd.isna(moment)]
    first = day_number(known[0])
    if version.status != "canceled" or first >= ended or ended == FAR:
        return
    trial = first if pd.isna(row.trial_end) else min(day_number(row.trial_end), ended)
    early = replace(
        version, cancel_at_period_end=False, cancel_at=pd.NaT, ended_at=pd.NaT, is_backfilled=True
    )
    if trial > first:
        yield replace(early, status="trialing", day=first)
    if ended > max(trial, first):
        yield replace(early, status="active", day=max(trial, first))
