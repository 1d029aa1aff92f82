"""Tables of billing: the current subscription, payments, changes, movements of MRR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from .billing import NOTHING, ZERO, State, Timeline, payment_status, subscriptions_of
from .loading import Raw
from .prices import Rates, converted, lower
from .rules import Rules
from .sifting import Staged
from .staging import unlinked_customers
from .values import EPOCH, FAR, cents, day_number, stamps
from .versions import Version


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
                "quantity": None if version.quantity is None else float(version.quantity),
                "mrr": _shown(version.mrr) if in_force else ZERO,
                "mrr_list": _shown(version.mrr_list) if in_force else ZERO,
                "mrr_unknown_reason": version.reason if in_force else None,
                "is_backfilled": any(one.is_backfilled for one in line.subscriptions[name].versions),
                "items_are_present_state": version.has_items,
                "billing_interval": version.price.interval if version.price else None,
                "billing_interval_count": version.price.interval_count if version.price else None,
                "started_at": line.started(name),
                "ended_at": version.ended_at,
                "cancel_at": version.cancel_at,
                "cancel_at_period_end": version.cancel_at_period_end,
                "leaving": version.leaving,
                "current_period_end": version.current_period_end,
                "payment_date": last_good.get(home, pd.NaT),
                "payment_failed": (last_status.get(home) == "failed") if charges else None,
                "in_force": in_force,
            }
        )
    columns = (
        "household_id subscription_id plan_type payment_status status quantity mrr "
        "mrr_list mrr_unknown_reason is_backfilled items_are_present_state "
        "billing_interval billing_interval_count started_at ended_at cancel_at_period_end current_period_end "
        "payment_date payment_failed in_force leaving cancel_at"
    )
    return pd.DataFrame(rows, columns=columns.split())


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else cents(value)


def payments(staged: Staged) -> pd.DataFrame:
    """Build fct_payments: each charge with its refunds, in the reporting currency; None without a rate."""
    rates = Rates(staged)
    charges = staged["stripe.charge"]
    refunds = staged["stripe.refund"]
    refunds = refunds[refunds["status"] == "succeeded"]
    returned: dict[str, list] = {}
    for charge, amount in zip(refunds["charge_id"], _worth(refunds, rates, staged), strict=True):
        returned.setdefault(charge, []).append(amount)
    amounts = _worth(charges, rates, staged)
    back = [_total(returned.get(charge, [])) for charge in charges["id"]]
    net = [
        Fraction(0) if status != "succeeded" else None if None in (amount, less) else amount - less
        for status, amount, less in zip(charges["status"], amounts, back, strict=True)
    ]
    out = pd.DataFrame(
        {
            "charge_id": charges["id"],
            "household_id": charges["household_id"],
            "invoice_id": charges["invoice_id"],
            "amount": [_shown(value) for value in amounts],
            "amount_refunded": [_shown(value) for value in back],
            "net_amount": [_shown(value) for value in net],
            "currency": charges["currency"].map(lower),
            "status": charges["status"],
            "payment_failed": (charges["status"] == "failed").astype(object),
            "payment_date": charges["created"],
            "created": charges["created"],
        }
    )
    if not staged.has("stripe.refund"):
        out[["amount_refunded", "net_amount"]] = None
    return out


def _worth(rows: pd.DataFrame, rates: Rates, staged: Staged) -> list[Fraction | None]:
    days = map(day_number, rows["created"])
    return converted(rows["amount"], rows["currency"], days, rates, staged.rules)


def _total(amounts: list[Fraction | None]) -> Fraction | None:
    return None if None in amounts else sum(amounts, Fraction(0))


def plan_move(before: State, after: State, rules: Rules) -> int:
    """Return by how many ranks a change moves the plan; 0 for any other change."""
    kind = change_type(before, after, rules)
    return rules.rank(after.plan) - rules.rank(before.plan) if kind and "_to_" in kind else 0


def change_type(before: State, after: State, rules: Rules) -> str | None:
    """Name the change between the ends of two days; None if none counts, or a plan is unknown."""
    if before.plan is None or after.plan is None:
        return None
    if after.trial and not before.in_force:
        return "trial_started"
    if before.trial and not after.in_force:
        return "trial_expired"
    if before.trial and after.paying:
        return "trial_converted"
    if not before.paying and not after.paying:
        return None
    if before.plan != after.plan:
        return f"{before.plan}_to_{after.plan}"
    if before.paying and after.paying:
        old, new = before.seats, after.seats
        if None not in (old, new) and old != new:
            return "seats_added" if new > old else "seats_removed"
        if _interval(before.main) != _interval(after.main):
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
            move = plan_move(before, after, rules)
            rows.append(
                {
                    "household_id": home,
                    "day": day,
                    "change_type": kind,
                    "from_plan": before.plan,
                    "to_plan": after.plan,
                    "mrr_before": before.mrr,
                    "mrr_after": after.mrr,
                    "mrr_delta": None if None in (before.mrr, after.mrr) else after.mrr - before.mrr,
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


def unlinked(raw: Raw, as_of: int, rules: Rules) -> pd.DataFrame:
    """Return one row: paying customers without household, and their MRR (None where one is unknown)."""
    found = subscriptions_of(unlinked_customers(raw, as_of, rules))
    states = [Timeline(subscriptions, FAR, rules).at(as_of) for subscriptions in found.values()]
    paying = [state for state in states if state.paying]
    values = [state.mrr for state in paying]
    money = None if None in values else sum(values, ZERO)
    return pd.DataFrame({"unlinked_customers": [len(paying)], "unlinked_mrr": [money]})


MOVEMENTS = ("new", "expansion", "contraction", "churned", "reactivation")


def mrr_movements(staged: Staged, lines: dict[str, Timeline]) -> pd.DataFrame:
    """Build fct_mrr_movements: one movement at most for each household and month; unknown with either end."""
    rows = [
        row | {"household_id": home}
        for home, line in lines.items()
        for row in movements_of(line, staged.as_of)
    ]
    columns = ["household_id", "month", "mrr_opening", *MOVEMENTS, "mrr_closing", "is_complete"]
    out = pd.DataFrame(rows, columns=columns)
    out["month_start"] = stamps([(m - date(1970, 1, 1)).days for m in out.pop("month")])
    return out


def movements_of(line: Timeline, as_of: int) -> Iterator[dict[str, object]]:
    """Yield the months of a household in which anything is not 0, through that of as_of."""
    states = [(d, s) for d, s in zip(line.days, line.states, strict=True) if d <= as_of]
    first = next((d for d, state in states if state.mrr != 0), None)
    first_paid = next((d for d, state in states if state.mrr), FAR)
    if first is None:
        return
    month, opening = (EPOCH + timedelta(days=first)).replace(day=1), NOTHING
    while day_number(month) <= as_of:
        following = (month + timedelta(days=32)).replace(day=1)
        last = day_number(following) - 1
        closing = line.at(min(last, as_of))
        if opening.mrr != 0 or closing.mrr != 0:
            yield {
                "month": month,
                "mrr_opening": opening.mrr,
                **_moves(opening, closing, is_new=day_number(month) <= first_paid),
                "mrr_closing": closing.mrr,
                "is_complete": last <= as_of,
            }
        opening, month = closing, following


def _moves(opening: State, closing: State, *, is_new: bool) -> dict[str, Decimal | None]:
    """Name the movement between two month ends; ``is_new``: never before has it had an MRR above 0."""
    if None in (opening.mrr, closing.mrr):
        return dict.fromkeys(MOVEMENTS)
    moves, change = dict.fromkeys(MOVEMENTS, ZERO), closing.mrr - opening.mrr
    if change > 0:
        starts = closing.paying and not opening.paying
        moves["new" if is_new else "reactivation" if starts else "expansion"] = change
    elif change < 0:
        moves["churned" if opening.paying and not closing.paying else "contraction"] = -change
    return moves
