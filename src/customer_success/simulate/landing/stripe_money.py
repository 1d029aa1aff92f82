"""What Stripe asked for and got: invoices of the items that a subscription has, net of its coupon."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .catalogue import COUPONS, PRICES
from .frames import Block

_LASTING = [name for name, coupon in COUPONS.items() if coupon.duration != "once"]
_KEPT = {"metered", "tiered", "price_missing"}  # kinds whose invoices follow from no price


def minor_per_interval(items: pd.DataFrame) -> pd.Series:
    """Return what each item costs per billing interval in minor units; an absent quantity is one."""
    quantity = items["quantity"].clip(lower=1)
    return pd.Series(
        [
            PRICES[code].minor(q) if code in PRICES else np.nan
            for code, q in zip(items["code"], quantity, strict=True)
        ],
        index=items.index,
    )


def net_of(minor: pd.Series, subscription: pd.Series, day: pd.Series, discounts: pd.DataFrame) -> pd.Series:
    """Return amounts per interval (minor units) net of the discounts in force on a day; indices agree."""
    own = discounts[(discounts["kind"] != "coupon_of_invoice") & discounts["coupon_id"].isin(_LASTING)]
    asked = pd.DataFrame({"row": minor.index, "subscription_id": subscription.array, "day": day.array})
    pairs = asked.merge(own, on="subscription_id")
    first, end = pairs["start"].dt.floor("D"), pairs["end"].dt.floor("D")
    pairs = pairs[(first <= pairs["day"]) & (end.isna() | (pairs["day"] < end))]
    left = 1 - pairs["coupon_id"].map({name: c.percent for name, c in COUPONS.items()}).fillna(0) / 100
    off = pairs["coupon_id"].map({name: c.amount for name, c in COUPONS.items()}).fillna(0)
    left, off = left.groupby(pairs["row"]).prod(), off.groupby(pairs["row"]).sum()
    left, off = left.reindex(minor.index, fill_value=1), off.reindex(minor.index, fill_value=0)
    return (minor.astype(float) * left.astype(float) - off.astype(float)).clip(lower=0)


def land_money(block: Block, v: pd.DataFrame, items: pd.DataFrame, discounts: pd.DataFrame) -> None:
    """Rewrite the amounts of invoices, charges and refunds where terms are no longer the older ones."""
    invoices = _invoices(block.tables["stripe.invoice"], v, items, discounts)
    charges, refunds = block.tables["stripe.charge"], block.tables["stripe.refund"]
    due = charges["invoice_id"].map(invoices.set_index("id")["amount_due"])
    currency = charges["invoice_id"].map(invoices.set_index("id")["currency"])
    nothing = charges["invoice_id"].isin(invoices.loc[invoices["amount_due"] == 0, "id"])
    nothing |= charges["invoice_id"].isin(invoices.loc[invoices["status"] == "void", "id"])
    was = charges.set_index("id")["amount"]
    now = pd.Series(due.to_numpy(), index=charges["id"])
    charges = charges.assign(amount=due, currency=currency)[~nothing].reset_index(drop=True)
    refunds = refunds[refunds["charge_id"].isin(charges["id"])].reset_index(drop=True)
    share = refunds["amount"] / refunds["charge_id"].map(was)
    refunds["amount"] = (refunds["charge_id"].map(now) * share).round().clip(lower=1)
    refunds["currency"] = refunds["charge_id"].map(charges.set_index("id")["currency"])
    given = refunds[refunds["status"] == "succeeded"].groupby("charge_id")["amount"].sum()
    charges["amount_refunded"] = charges["id"].map(given).fillna(0)
    charges["refunded"] = charges["amount_refunded"] == charges["amount"]
    succeeded = charges["status"] == "succeeded"
    block.tables["stripe.invoice"] = invoices
    block.tables["stripe.charge"] = charges.assign(paid=succeeded, captured=succeeded)
    block.tables["stripe.refund"] = refunds


def _invoices(
    invoices: pd.DataFrame, v: pd.DataFrame, items: pd.DataFrame, discounts: pd.DataFrame
) -> pd.DataFrame:
    """Return the invoices: one belongs to the version that begins with it."""
    rows = invoices.copy()
    version = v.set_index(["id", "_fivetran_start"])[["kind", "state"]]
    version = version[~version.index.duplicated()]
    of = version.reindex(pd.MultiIndex.from_frame(rows[["subscription_id", "created"]]))
    kind, state = of["kind"].to_numpy(), pd.Series(of["state"].to_numpy(), index=rows.index)
    once = once_per_version(rows, items)
    priced = once.notna() & ~pd.Series(kind, index=rows.index).isin(_KEPT)
    net = net_of(once, rows["subscription_id"], rows["created"].dt.floor("D"), discounts).round()
    due = rows["amount_due"].astype(float)
    due = due.where(~priced | (due == 0), net)
    due = due.where(state != "free", 0.0)
    paid = rows["amount_paid"] == rows["amount_due"]
    void = state == "collection_paused"
    nothing = (due == 0) & ~void
    return rows.assign(
        amount_due=due,
        amount_paid=due.where(paid & ~void, 0.0),
        amount_remaining=due.where(~paid & ~void, 0.0),
        status=rows["status"].where(~void, "void").where(~nothing, "paid"),
        attempt_count=rows["attempt_count"].where(~(void | nothing), 0),
        currency=_currency(rows, items),
        billing_reason="subscription_cycle",
        paid=paid & ~void,
        subtotal=due,
        total=due,
    )


def once_per_version(rows: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    """Return what the items of a subscription cost per interval at ``created``; null without items."""
    own = items.assign(minor=minor_per_interval(items))[["subscription_id", "created", "minor"]]
    pairs = (
        rows[["subscription_id", "created"]]
        .reset_index()
        .merge(own, on="subscription_id", how="left", suffixes=("", "_of_item"))
    )
    pairs = pairs[pairs["created_of_item"] <= pairs["created"]]
    return pairs.groupby("index")["minor"].sum(min_count=1).reindex(rows.index)


def _currency(rows: pd.DataFrame, items: pd.DataFrame) -> pd.Series:
    other = items[items["code"].isin([code for code, price in PRICES.items() if price.currency != "usd"])]
    of = other.set_index("subscription_id")["code"].map(lambda code: PRICES[code].currency)
    return rows["subscription_id"].map(of).fillna(rows["currency"])
