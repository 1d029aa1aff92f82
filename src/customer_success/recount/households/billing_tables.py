"""Tables of billing: the current subscription, payments, changes, movements of MRR."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from .billing import ZERO, State, Timeline, Version, payment_status
from .rules import Rules
from .sifting import Staged
from .values import EPOCH, cents, day_number, money, stamps


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
                "mrr": ZERO if not in_force else None if version.mrr is None else cents(version.mrr),
                "billing_interval": version.price.interval if version.price else None,
                "billing_interval_count": version.price.interval_count if version.price else None,
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
        "billing_interval billing_interval_count started_at ended_at cancel_at_period_end current_period_end "
        "payment_date payment_failed in_force"
    )
    return pd.DataFrame(rows, columns=columns.split())


def payments(staged: Staged) -> pd.DataFrame:
    """Build fct_payments: each charge with its refunds."""
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
    """Name the change between the ends of two days; None if none counts."""
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


def mrr_movements(staged: Staged, lines: dict[str, Timeline]) -> pd.DataFrame:
    """Build fct_mrr_movements: one movement at most for each household and month."""
    rows = []
    names = ("new", "expansion", "contraction", "churned", "reactivation")
    for home, line in lines.items():
        with_mrr = [d for d, s in zip(line.days, line.states, strict=True) if (s.mrr or ZERO) > 0]
        if not with_mrr or with_mrr[0] > staged.as_of:
            continue
        first = with_mrr[0]
        month = (EPOCH + timedelta(days=first)).replace(day=1)
        opening = ZERO
        while day_number(month) <= staged.as_of:
            following = (month + timedelta(days=32)).replace(day=1)
            last = day_number(following) - 1
            closing = line.at(min(last, staged.as_of)).mrr or ZERO
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
