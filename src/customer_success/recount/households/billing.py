"""Subscriptions: state on each day, and what follows from it; payments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby

import pandas as pd

from .discounts import read_discounts
from .offer import Offer
from .prices import Rates, read_prices
from .rules import Rules
from .sifting import Staged
from .terms import Line
from .values import FAR, NEVER, cents, day_number
from .versions import Item, Version, one_or, stretches

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class State:
    """The subscriptions of a household in force at the end of a day; plan, MRR or seats None: unknown."""

    in_force: bool = False
    paying: bool = False
    trial: bool = False
    plan: str | None = "Free"
    mrr: Decimal | None = ZERO
    seats: Fraction | None = Fraction(0)
    main: Version | None = None


NOTHING = State()


@dataclass(frozen=True)
class Subscription:
    """When a subscription began, and its versions cut into stretches."""

    started: pd.Timestamp
    versions: list[Version]


class Timeline:
    """The states of one household: each holds from its day until that of the next."""

    def __init__(self, subscriptions: dict[str, Subscription], closed_day: int, rules: Rules):
        self.rules = rules
        self.closed_day = closed_day
        self.subscriptions = subscriptions
        self.days = sorted(
            {v.day for one in subscriptions.values() for v in one.versions if v.day < closed_day}
            | ({closed_day} if subscriptions and closed_day < FAR else set())
        )

    @cached_property
    def states(self) -> list[State]:
        """The state from each of the days on."""
        return [self.state_at(day) for day in self.days]

    def version_at(self, subscription_id: str, day: int) -> Version | None:
        """Find the version with the latest start before the end of a day."""
        known = [v for v in self.subscriptions[subscription_id].versions if v.day <= day]
        return known[-1] if known else None

    def started(self, subscription_id: str) -> pd.Timestamp:
        """When the subscription began: its own start, or that of its first version where that is earlier."""
        return self.subscriptions[subscription_id].started

    @cached_property
    def first_day(self) -> int:
        """The first day in force, or a day later than any."""
        return next((d for d, state in zip(self.days, self.states, strict=True) if state.in_force), FAR)

    def live_at(self, day: int) -> list[Version]:
        """List the subscriptions in force at the end of a day, in their versions of that day."""
        if day >= self.closed_day:
            return []
        versions = [self.version_at(name, day) for name in self.subscriptions]
        return [v for v in versions if v is not None and v.in_force]

    @staticmethod
    def _sum(live: list[Version]) -> Decimal | None:
        """Add up the monthly payments; one unknown price makes the sum unknown."""
        values = [v.mrr for v in live]
        return None if None in values else cents(sum(values, Fraction(0)))

    def state_at(self, day: int) -> State:
        """Compute the state at the end of a single day."""
        live = self.live_at(day)
        if not live:
            return NOTHING
        rank = self.rules.rank
        paying = [v for v in live if v.paying]
        seats = [v.quantity for v in paying or live]
        main = max(
            live,
            key=lambda v: (
                v.paying,
                rank(v.plan),
                self.started(v.subscription_id),
                v.subscription_id,
            ),
        )
        return State(
            in_force=True,
            paying=bool(paying),
            trial=not paying and any(v.is_trial for v in live),
            plan=max((v.plan for v in live), key=lambda plan: (plan is not None, rank(plan))),
            mrr=self._sum(live),
            seats=None if None in seats else sum(seats, Fraction(0)),
            main=main,
        )

    def at(self, day: int) -> State:
        """Return the state at the end of a day."""
        position = bisect_right(self.days, day) - 1
        return self.states[position] if position >= 0 else NOTHING

    def changes(self) -> Iterator[tuple[int, State, State]]:
        """Yield each day at whose end the state may differ from the end of the day before."""
        before = NOTHING
        for day, state in zip(self.days, self.states, strict=True):
            yield day, before, state
            before = state


def timelines(staged: Staged) -> dict[str, Timeline]:
    """Build the timeline of every household."""
    stretched = subscriptions_of(staged)
    households = staged["app.households"]
    out = {}
    for home, closed in zip(households["id"], households["closed_at"], strict=True):
        closed_day = FAR if pd.isna(closed) else day_number(closed)
        out[home] = Timeline(stretched.get(home, {}), closed_day, staged.rules)
    return out


VERSION = (
    *("id", "customer_id", "price_id", "quantity", "status", "created", "start_date", "current_period_end"),
    *("cancel_at_period_end", "cancel_at", "ended_at", "trial_end", "pause_collection_behavior"),
    *("pause_collection_resumes_at", "_fivetran_start", "_fivetran_end", "_fivetran_active"),
)


def subscriptions_of(staged: Staged) -> dict[str, dict[str, Subscription]]:
    """Read the subscriptions of each household by id."""
    offer = Offer(read_prices(staged), Rates(staged), staged.rules)
    given, items = read_discounts(staged), _items(staged, offer.prices)
    rows = staged["stripe.subscription_history"].sort_values(["id", "_fivetran_start"], kind="stable")
    rows = rows[["household_id", *VERSION]].rename(
        columns=lambda name: name.lstrip("_")
    )  # else tuples have no such names
    found: dict[str, dict[str, Subscription]] = {}
    for name, versions in groupby(rows.itertuples(index=False), key=lambda row: row.id):
        versions = list(versions)
        first = versions[0]
        known = [first.fivetran_start, *(m for m in (first.start_date,) if not pd.isna(m))]
        cut = stretches(versions, items.get(name, ()), given.of(name, first.customer_id), offer)
        found.setdefault(first.household_id, {})[name] = Subscription(min(known), cut)
    return found


def _items(staged: Staged, prices: dict) -> dict[str, list[Item]]:
    """Read the items of each subscription; the earliest counts from its start."""
    found: dict[str, list] = {}
    for row in staged["stripe.subscription_item"].itertuples(index=False):
        found.setdefault(row.subscription_id, []).append(row)
    out = {}
    for name, rows in found.items():
        first = min(row.created for row in rows)
        out[name] = [
            Item(
                day=NEVER if row.created == first else day_number(row.created),
                line=Line(row.id, prices.get(row.price_id or row.plan_id), one_or(row.quantity)),
                period_end=row.current_period_end,
            )
            for row in rows
        ]
    return out


def payment_status(timeline: Timeline, subscription_id: str, day: int, rules: Rules) -> str | None:
    """Translate the status of a subscription at a day.

    Failed has priority for 90 days after the subscription became unpaid or incomplete,
    as long as it did not come back into force.
    """
    known = [v for v in timeline.subscriptions[subscription_id].versions if v.day <= day]
    now = known[-1]
    became = None
    failing = False
    for version in known:
        if version.failing and not failing:
            became = version.day
        failing = version.failing
    if not now.in_force and became is not None and became > day - rules.failed_days:
        return "failed"
    if now.leaving:
        return "cancelled"
    if not pd.isna(now.ended_at) and day_number(now.ended_at) <= day:
        return "cancelled"
    return rules.payment_statuses.get(now.status)
