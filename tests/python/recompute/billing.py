"""Subscriptions: what was in force on each day, and what follows from it; payments."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from .rules import FAILING, IN_FORCE, MONTHS_PER_INTERVAL, PAYING, ZERO_DECIMAL_CURRENCIES, Rules
from .staging import Staged
from .values import EPOCH, FAR, cents, day_number, money, stamps

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Price:
    """What a Stripe price means: a plan, an amount per month and seat, an interval."""

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

    @property
    def plan(self) -> str:
        """The plan of its product."""
        return (self.price.plan if self.price else None) or "Free"

    @property
    def mrr(self) -> Fraction:
        """Monthly value, of those that pay only."""
        if self.status not in PAYING or self.price is None or self.price.monthly is None:
            return Fraction(0)
        return self.price.monthly * self.quantity


@dataclass(frozen=True)
class State:
    """What a household has in force at the end of a day."""

    in_force: bool = False
    paying: bool = False
    plan: str = "Free"
    mrr: Decimal = ZERO
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
        self.states = [self._state_at(day) for day in self.days]

    def version_at(self, subscription_id: str, day: int) -> Version | None:
        """Find the version with the latest start before the end of a day."""
        known = [v for v in self.subscriptions[subscription_id] if v.day <= day]
        return known[-1] if known else None

    def started(self, subscription_id: str) -> pd.Timestamp:
        """When the subscription began: the start of its first version."""
        return self.subscriptions[subscription_id][0].start

    def _state_at(self, day: int) -> State:
        if day >= self.closed_day:
            return NOTHING
        versions = [self.version_at(name, day) for name in self.subscriptions]
        live = [v for v in versions if v is not None and v.status in IN_FORCE]
        if not live:
            return NOTHING
        rank = self.rules.rank
        main = max(
            live,
            key=lambda v: (
                v.status in PAYING,
                rank(v.plan),
                self.started(v.subscription_id),
                v.subscription_id,
            ),
        )
        return State(
            in_force=True,
            paying=any(v.status in PAYING for v in live),
            plan=max((v.plan for v in live), key=rank),
            mrr=cents(sum((v.mrr for v in live), Fraction(0))),
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
    plans = {row.id: staged.rules.plan_of_product(row.name) for row in products.itertuples(index=False)}
    out = {}
    for row in staged["stripe.price"].itertuples(index=False):
        count = (
            1
            if row.recurring_interval_count != row.recurring_interval_count
            else int(row.recurring_interval_count)
        )
        monthly = None
        if row.unit_amount == row.unit_amount and row.recurring_interval in MONTHS_PER_INTERVAL:
            units = 1 if row.currency.lower() in ZERO_DECIMAL_CURRENCIES else 100
            monthly = Fraction(row.unit_amount) / units / count
            monthly *= MONTHS_PER_INTERVAL[row.recurring_interval]
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

    Failed comes before all else for 90 days after the subscription became unpaid or incomplete,
    as long as it did not come back into force.
    """
    known = [v for v in timeline.subscriptions[subscription_id] if v.day <= day]
    now = known[-1]
    became = None
    failing = False
    for version in known:
        if version.status in FAILING and not failing:
            became = version.day
        failing = version.status in FAILING
    if now.status not in IN_FORCE and became is not None and became > day - rules.failed_days:
        return "failed"
    if now.cancel_at_period_end:
        return "cancelled"
    if not pd.isna(now.ended_at) and day_number(now.ended_at) <= day:
        return "cancelled"
    return rules.payment_statuses.get(now.status)


def subscriptions(staged: Staged, lines: dict[str, Timeline], payments: pd.DataFrame) -> pd.DataFrame:
    """Build dim_subscriptions: the one in force, else the one that started last."""
    day, rules = staged.as_of, staged.rules
    ordered = payments.sort_values(["created", "charge_id"])
    last_good = ordered[ordered["status"] == "succeeded"].groupby("household_id")["created"].last()
    last_status = ordered.groupby("household_id")["status"].last()
    rows = []
    for home, line in lines.items():
        if not line.subscriptions:
            continue
        version = line.at(day).main
        in_force = version is not None
        if version is None:
            name = max(line.subscriptions, key=lambda s: (line.started(s), s))
            version = line.version_at(name, day)
        name = version.subscription_id
        charges = staged.has("stripe.charge")
        rows.append(
            {
                "household_id": home,
                "subscription_id": name,
                "plan_type": version.plan,
                "payment_status": payment_status(line, name, day, rules),
                "status": version.status,
                "quantity": float(version.quantity),
                "mrr": cents(version.mrr) if in_force else ZERO,
                "billing_interval": version.price.interval if version.price else None,
                "started_at": line.started(name),
                "ended_at": version.ended_at,
                "cancel_at_period_end": version.cancel_at_period_end,
                "current_period_end": version.current_period_end,
                "payment_date": last_good.get(home, pd.NaT),
                "payment_failed": (last_status.get(home) == "failed") if charges else None,
                "in_force": in_force,
            }
        )
    columns = (
        "household_id subscription_id plan_type payment_status status quantity mrr "
        "billing_interval started_at ended_at cancel_at_period_end current_period_end "
        "payment_date payment_failed in_force"
    )
    return pd.DataFrame(rows, columns=columns.split())


def payments(staged: Staged) -> pd.DataFrame:
    """Build fct_payments: each charge with what was given back of it."""
    charges = staged["stripe.charge"]
    refunds = staged["stripe.refund"]
    refunds = refunds[refunds["status"] == "succeeded"]
    returned = refunds.groupby("charge_id")["amount"].sum()
    back = charges["id"].map(returned).fillna(0.0)
    good = charges["status"] == "succeeded"
    net = (charges["amount"] - back).where(good, 0.0)
    out = pd.DataFrame(
        {
            "charge_id": charges["id"],
            "household_id": charges["household_id"],
            "invoice_id": charges["invoice_id"],
            "amount": money(charges["amount"]),
            "amount_refunded": money(back),
            "net_amount": money(net),
            "currency": charges["currency"].str.lower(),
            "status": charges["status"],
            "payment_failed": (charges["status"] == "failed").astype(object),
            "payment_date": charges["created"],
            "created": charges["created"],
        }
    )
    if not staged.has("stripe.refund"):
        out[["amount_refunded", "net_amount"]] = None
    return out


def change_type(before: State, after: State, rules: Rules) -> str | None:
    """Name what changed between the ends of two days; None if nothing that counts."""
    trial_before = before.in_force and not before.paying
    trial_after = after.in_force and not after.paying
    if trial_after and not before.in_force:
        return "trial_started"
    if trial_before and not after.in_force:
        return "trial_expired"
    if trial_before and after.paying:
        return "trial_converted"
    if not before.paying and not after.paying:
        return None
    if before.plan != after.plan:
        return f"{before.plan}_to_{after.plan}"
    if not (before.paying and after.paying):
        return None
    old, new = before.main, after.main
    if old.quantity != new.quantity:
        return "seats_added" if new.quantity > old.quantity else "seats_removed"
    if _interval(old) != _interval(new):
        return "interval_changed"
    return "price_changed" if before.mrr != after.mrr else None


def _interval(version: Version) -> tuple[str | None, int] | None:
    return (version.price.interval, version.price.interval_count) if version.price else None


def subscription_changes(staged: Staged, lines: dict[str, Timeline]) -> pd.DataFrame:
    """Build fct_subscription_changes, comparing the ends of neighbouring days."""
    rules = staged.rules
    rows = []
    for home, line in lines.items():
        for day, before, after in line.changes():
            if day > staged.as_of:
                continue
            kind = change_type(before, after, rules)
            if kind is None:
                continue
            move = rules.rank(after.plan) - rules.rank(before.plan) if "_to_" in kind else 0
            rows.append(
                {
                    "household_id": home,
                    "day": day,
                    "change_type": kind,
                    "from_plan": before.plan,
                    "to_plan": after.plan,
                    "mrr_before": before.mrr,
                    "mrr_after": after.mrr,
                    "mrr_delta": after.mrr - before.mrr,
                    "up": day if move > 0 else None,
                    "down": day if move < 0 else None,
                }
            )
    columns = "household_id day change_type from_plan to_plan mrr_before mrr_after mrr_delta up down"
    out = pd.DataFrame(rows, columns=columns.split())
    out["changed_at"] = stamps([row["day"] for row in rows])
    out["upgrade_date"] = stamps([row["up"] for row in rows])
    out["downgrade_date"] = stamps([row["down"] for row in rows])
    return out.drop(columns=["day", "up", "down"])


def mrr_movements(staged: Staged, lines: dict[str, Timeline]) -> pd.DataFrame:
    """Build fct_mrr_movements: one movement at most for each household and month."""
    rows = []
    names = ("new", "expansion", "contraction", "churned", "reactivation")
    for home, line in lines.items():
        with_mrr = [d for d, s in zip(line.days, line.states, strict=True) if s.mrr > 0]
        if not with_mrr or with_mrr[0] > staged.as_of:
            continue
        first = with_mrr[0]
        month = (EPOCH + timedelta(days=first)).replace(day=1)
        opening = ZERO
        while day_number(month) <= staged.as_of:
            following = (month + timedelta(days=32)).replace(day=1)
            last = day_number(following) - 1
            closing = line.at(min(last, staged.as_of)).mrr
            moves = dict.fromkeys(names, ZERO)
            if opening == 0 and closing > 0:
                moves["new" if first >= day_number(month) else "reactivation"] = closing
            elif opening > 0 and closing == 0:
                moves["churned"] = opening
            elif closing > opening:
                moves["expansion"] = closing - opening
            elif closing < opening:
                moves["contraction"] = opening - closing
            if opening or closing:
                rows.append(
                    {
                        "household_id": home,
                        "month": month,
                        "mrr_opening": opening,
                        **moves,
                        "mrr_closing": closing,
                        "is_complete": last <= staged.as_of,
                    }
                )
            opening, month = closing, following
    columns = ["household_id", "month", "mrr_opening", *names, "mrr_closing", "is_complete"]
    out = pd.DataFrame(rows, columns=columns)
    out["month_start"] = stamps([(m - date(1970, 1, 1)).days for m in out.pop("month")])
    return out
