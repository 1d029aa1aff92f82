"""Coupons as they are given: to a customer or a subscription, from one day to another."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .prices import Coupon, lower, read_coupons
from .sifting import Staged
from .values import FAR, day_number

TABLES = ("stripe.discount", "stripe.subscription_discount")
HOLDERS = (None, "customer", "subscription")


@dataclass(frozen=True)
class Reduction:
    """A coupon that holds from a day until another; None where the coupon is not there."""

    start: int
    end: int
    coupon: Coupon | None


@dataclass(frozen=True)
class Given:
    """The reductions of subscriptions and of customers, by id."""

    subscriptions: dict[str, list[Reduction]]
    customers: dict[str, list[Reduction]]

    def of(self, subscription_id: str, customer_id: str | None) -> list[Reduction]:
        """Return the reductions of a subscription, its customer's among them."""
        return self.subscriptions.get(subscription_id, []) + self.customers.get(customer_id, [])


def holder(
    kind: object, type_id: object, subscription: object, customer: object
) -> tuple[str | None, str | None]:
    """Return the subscription that a discount belongs to, else the customer; neither: that of something else.

    Older exports name the holder by type and id.
    """
    word = lower(kind)
    if word not in HOLDERS:
        return None, None
    subscription = subscription or (type_id if word == "subscription" else None)
    customer = customer or (type_id if word == "customer" else None)
    return (subscription, None) if subscription else (None, customer)


def read_discounts(staged: Staged) -> Given:
    """Read discounts that are of no invoice; one that is in both tables counts once."""
    coupons = read_coupons(staged)
    rows = {}
    for table in TABLES:
        frame = staged[table]
        kinds = frame["type"] if "type" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
        ids = frame["type_id"] if "type_id" in frame.columns else kinds
        for row, kind, type_id in zip(frame.itertuples(index=False), kinds, ids, strict=True):
            if row.invoice_id is None and row.invoice_item_id is None:
                rows[row.id] = (row, holder(kind, type_id, row.subscription_id, row.customer_id))
    given = Given({}, {})
    for row, (subscription, customer) in rows.values():
        reduction = _reduction(row, coupons.get(row.coupon_id))
        if reduction is None:
            continue
        if subscription:
            given.subscriptions.setdefault(subscription, []).append(reduction)
        elif customer:
            given.customers.setdefault(customer, []).append(reduction)
    return given


def _reduction(row, coupon: Coupon | None) -> Reduction | None:
    """Return when a coupon holds; None for one that is used once."""
    if coupon is not None and coupon.duration == "once":
        return None
    end = FAR if pd.isna(row.end) else day_number(row.end)
    if pd.isna(row.end) and coupon is not None and coupon.duration == "repeating":
        if coupon.duration_in_months is None:
            coupon = Coupon(problem="coupon_unknown")
        else:
            end = day_number(row.start + pd.DateOffset(months=coupon.duration_in_months))
    return Reduction(day_number(row.start), end, coupon)
