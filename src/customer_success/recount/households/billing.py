"""Subscriptions: state on each day, and what follows from it; payments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import pandas as pd

from .rules import Rules
from .sifting import Staged
from .values import FAR, cents, day_number

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Price:
    """A Stripe price: a plan, an amount per month and seat, an interval."""

    plan: str | None
    monthly: Fraction | None
    interval: str | None
    interval_count: int


@dataclass(frozen=True)
class Version:
    """One version of a subscription, from the day at whose end it first holds."""

    subscription_id: str
    day: int
    start: pd.Timestamp
    status: str
    price_id: str | None
    price: Price | None
    quantity: Fraction
    cancel_at_period_end: bool | None
    current_period_end: pd.Timestamp
    ended_at: pd.Timestamp
    rules: Rules

    @property
    def plan(self) -> str:
        """The plan of its product."""
        return (self.price.plan if self.price else None) or self.rules.plans[0]

    @property
    def in_force(self) -> bool:
        """Whether the household has its plan."""
        return self.status in self.rules.in_force

    @property
    def paying(self) -> bool:
        """Whether it is paid for."""
        return self.status in self.rules.paying

    @property
    def failing(self) -> bool:
        """Whether its payment failed."""
        return self.status in self.rules.failing

    @property
    def mrr(self) -> Fraction | None:
        """Monthly value, of those that pay only; None where the price is unknown."""
        if not self.paying:
            return Fraction(0)
        if self.price is None or self.price.monthly is None:
            return None
        return self.price.monthly * self.quantity


@dataclass(frozen=True)
class State:
    """The subscriptions of a household in force at the end of a day."""

    in_force: bool = False
    paying: bool = False
    plan: str = "Free"
    mrr: Decimal | None = ZERO
    main: Version | None = None


NOTHING = State()


class Timeline:
    """The states of one household: each holds from its day until that of the next."""

    def __init__(self, versions: list[Version], closed_day: int, rules: Rules):
        self.rules = rules
        self.closed_day = closed_day
        self.subscriptions: dict[str, list[Version]] = {}
        for version in sorted(versions, key=lambda v: (v.subscription_id, v.start)):
            self.subscriptions.setdefault(version.subscription_id, []).append(version)
        self.days = sorted(
            {version.day for version in versions if version.day < closed_day}
            | ({closed_day} if versions and closed_day < FAR else set())
        )

    @cached_property
    def states(self) -> list[State]:
        """The state from each of the days on."""
        return [self.state_at(day) for day in self.days]

    def version_at(self, subscription_id: str, day: int) -> Version | None:
        """Find the version with the latest start before the end of a day."""
        known = [v for v in self.subscriptions[subscription_id] if v.day <= day]
        return known[-1] if known else None

    def started(self, subscription_id: str) -> pd.Timestamp:
        """When the subscription began: the start of its first version."""
        return self.subscriptions[subscription_id][0].start

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
            paying=any(v.paying for v in live),
            plan=max((v.plan for v in live), key=rank),
            mrr=self._sum(live),
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


def read_prices(staged: Staged) -> dict[str, Price]:
    """Read the prices with their plan and their monthly value."""
    products = staged["stripe.product"]
    rules = staged.rules
    plans = {row.id: rules.plan_of_product.get(row.name) for row in products.itertuples(index=False)}
    out = {}
    for row in staged["stripe.price"].itertuples(index=False):
        stated = row.recurring_interval_count
        count = 0 if stated != stated else int(stated)  # 0: unknown, so the monthly value is unknown too
        monthly = None
        if count and row.unit_amount == row.unit_amount and row.recurring_interval in rules.interval_months:
            units = 1 if row.currency.lower() in rules.zero_decimal_currencies else 100
            monthly = Fraction(row.unit_amount) / units / count
            monthly *= rules.interval_months[row.recurring_interval]
        out[row.id] = Price(plans.get(row.product_id), monthly, row.recurring_interval, count)
    return out


def timelines(staged: Staged) -> dict[str, Timeline]:
    """Build the timeline of every household."""
    prices = read_prices(staged)
    versions: dict[str, list[Version]] = {}
    names = [
        "household_id",
        "id",
        "_fivetran_start",
        "status",
        "price_id",
        "quantity",
        "cancel_at_period_end",
        "current_period_end",
        "ended_at",
    ]
    rows = staged["stripe.subscription_history"]
    for home, name, start, status, price_id, quantity, leaving, period_end, ended in zip(
        *(rows[column].tolist() for column in names), strict=True
    ):
        versions.setdefault(home, []).append(
            Version(
                subscription_id=name,
                day=day_number(start),
                start=start,
                status=status,
                price_id=price_id,
                price=prices.get(price_id),
                quantity=Fraction(1) if quantity != quantity else Fraction(quantity),
                cancel_at_period_end=leaving,
                current_period_end=period_end,
                ended_at=ended,
                rules=staged.rules,
            )
        )
    households = staged["app.households"]
    out = {}
    for home, closed in zip(households["id"], households["closed_at"], strict=True):
        closed_day = FAR if pd.isna(closed) else day_number(closed)
        out[home] = Timeline(versions.get(home, []), closed_day, staged.rules)
    return out


def payment_status(timeline: Timeline, subscription_id: str, day: int, rules: Rules) -> str | None:
    """Translate the status of a subscription at a day.

    Failed has priority for 90 days after the subscription became unpaid or incomplete,
    as long as it did not come back into force.
    """
    known = [v for v in timeline.subscriptions[subscription_id] if v.day <= day]
    now = known[-1]
    became = None
    failing = False
    for version in known:
        if version.failing and not failing:
            became = version.day
        failing = version.failing
    if not now.in_force and became is not None and became > day - rules.failed_days:
        return "failed"
    if now.cancel_at_period_end:
        return "cancelled"
    if not pd.isna(now.ended_at) and day_number(now.ended_at) <= day:
        return "cancelled"
    return rules.payment_statuses.get(now.status)
