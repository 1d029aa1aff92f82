"""Stripe as its connector lands it: versions without prices, items, discounts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .catalogue import COUPONS, price_id
from .frames import FOREVER, Block, together
from .moments import write_words
from .stripe_customers import add_free_prices, add_rows_apart, create_a_household_late, land_customers
from .stripe_kinds import KINDS, NO_QUANTITY, kinds_of, profiles
from .stripe_money import land_money
from .stripe_truth import tell_subscriptions

_MILLISECOND = pd.Timedelta(milliseconds=1)
_SEEN_LATER = pd.Timedelta(days=4)
_OF_VERSIONS = ("own_price", "changing")  # kinds whose versions keep their prices


def land(block: Block, rng: np.random.Generator) -> None:
    """Bring the Stripe tables of a block into the connector's shape."""
    v = block.tables["stripe.subscription_history"]
    v = v.sort_values(["id", "_fivetran_start"], kind="stable", ignore_index=True)
    v["code"] = v["price_id"].str[-4:].astype(int)
    v["next_start"] = v["_fivetran_start"].shift(-1).where(v["id"].eq(v["id"].shift(-1)))
    found = profiles(v, rng)
    found["kind"] = kinds_of(found, rng)
    v["kind"] = v["id"].map(found["kind"])
    items = items_of(v, found)
    discounts = discounts_of(v, found)
    v["state"] = v["status"]
    _within(v, found)
    tell_subscriptions(block, v, found, items, discounts)
    land_money(block, v, items, discounts)
    _land_discounts(block, discounts)
    _land_items(block, v, items)
    block.tables["stripe.subscription_history"] = _versions(block, v)
    land_customers(block, rng)
    add_free_prices(block, rng)
    create_a_household_late(block, v, found)
    write_words(block, "stripe.invoice", "status", (str.upper, lambda word: f" {word} "), rng)
    write_words(block, "stripe.charge", "currency", (str.upper,), rng)
    add_rows_apart(block, found, rng)


def items_of(v: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the items of subscriptions without a price of their own: price, quantity, created.

    An extra seat came with the second version, everything else with the subscription.
    """
    last = v.groupby("id", sort=False)[["code", "quantity"]].last()
    starts = v.groupby("id", sort=False)["_fivetran_start"]
    first, second = starts.first(), starts.nth(1)
    second.index = v.loc[second.index, "id"]
    nothing = {"subscription_id": object, "position": int, "code": int, "quantity": float}
    parts = [pd.DataFrame(columns=list(nothing)).astype(nothing).assign(created=first.iloc[:0].to_numpy())]
    for kind, own in found.groupby("kind", sort=True):
        if kind in _OF_VERSIONS:
            continue
        plain = ((None, None),)
        for position, (price, quantity) in enumerate(KINDS[kind].items if kind in KINDS else plain):
            later = position and kind.startswith("extra_seat")
            part = pd.DataFrame({"subscription_id": own.index, "position": position})
            part["code"] = last["code"].reindex(own.index).to_numpy() if price is None else price
            part["quantity"] = (
                last["quantity"].reindex(own.index).to_numpy() if quantity is None else quantity
            )
            created = second.reindex(own.index).fillna(first) if later else first.reindex(own.index)
            parts.append(part.assign(created=created.to_numpy()))
    return together(parts).sort_values(["subscription_id", "position"], ignore_index=True)


def discounts_of(v: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the discounts: subscription, customer, coupon, first day and first day after (null: none).

    One of a customer is there for each subscription; ``is_first`` says for which it was drawn.
    """
    own = found[found["kind"].isin([name for name, kind in KINDS.items() if kind.coupon])]
    start = v.groupby("id", sort=False)["_fivetran_start"].first().reindex(own.index)
    coupon = own["kind"].map(lambda kind: KINDS[kind].coupon)
    months = coupon.map(lambda name: COUPONS[name].months if name in COUPONS else None)
    end = [
        s + pd.DateOffset(months=int(m)) if pd.notna(m) else pd.NaT
        for s, m in zip(start, months, strict=True)
    ]
    drawn = pd.DataFrame(
        {
            "subscription_id": own.index,
            "customer_id": own["customer_id"].to_numpy(),
            "kind": own["kind"].to_numpy(),
            "coupon_id": coupon.to_numpy(),
            "start": start.to_numpy(),
            "end": pd.Series(end, dtype="datetime64[us]").to_numpy(),
            "is_first": True,
        }
    )
    of_customer = drawn[drawn["kind"] == "coupon_of_customer"].drop(columns="subscription_id")
    others = found[~found.index.isin(drawn.loc[of_customer.index, "subscription_id"])]["customer_id"]
    others = others.rename_axis("subscription_id").reset_index()
    return together([drawn, others.merge(of_customer.assign(is_first=False), on="customer_id")])


def _within(v: pd.DataFrame, found: pd.DataFrame) -> None:
    """Write free months and pauses into the versions that show them; `state` says what they mean."""
    v["pause_collection_behavior"] = pd.Series([None] * len(v), dtype=object)
    v["pause_collection_resumes_at"] = pd.Series(pd.NaT, index=v.index, dtype="datetime64[us]")
    free = found.loc[found["kind"] == "free_month", "middle"].astype(int)
    v.loc[free, "status"], v.loc[free, "state"] = "trialing", "free"
    for column, value in (("trial_start", "_fivetran_start"), ("trial_end", "next_start")):
        marks = v.loc[free].set_index("id")[value]
        from_then_on = v["id"].isin(marks.index) & (
            v["_fivetran_start"] >= v["id"].map(v.loc[free].set_index("id")["_fivetran_start"])
        )
        v.loc[from_then_on, column] = v.loc[from_then_on, "id"].map(marks)
    paused = found.loc[found["kind"].isin(("paused", "paused_until")), "middle"].astype(int)
    v.loc[paused, "pause_collection_behavior"] = "void"
    v.loc[paused, "state"] = "collection_paused"
    until = found.loc[found["kind"] == "paused_until", "middle"].astype(int)
    v.loc[until, "pause_collection_resumes_at"] = v.loc[until, "_fivetran_start"] + pd.Timedelta(days=10)


def _versions(block: Block, v: pd.DataFrame) -> pd.DataFrame:
    """Return the versions as they land: some histories begin late, some ends are known late or not at all."""
    v = v.copy()
    last = v["next_start"].isna()
    first_start = v.groupby("id", sort=False)["_fivetran_start"].transform("first")
    v["start_date"] = v["created"] = first_start
    v["_fivetran_end"] = v["_fivetran_end"].where(v["_fivetran_end"].notna(), FOREVER)
    late = (v["kind"] == "seen_late") & last & (v["_fivetran_start"] + _SEEN_LATER <= block.export)
    before = late.shift(-1, fill_value=False)
    v.loc[late, "_fivetran_start"] += _SEEN_LATER
    v.loc[before, "_fivetran_end"] = v.loc[late, "_fivetran_start"].to_numpy() - _MILLISECOND
    v.loc[late, "_fivetran_synced"] = (v.loc[late, "_fivetran_synced"] + _SEEN_LATER).clip(upper=block.export)
    silent = (v["kind"] == "not_active") & last
    v.loc[silent.shift(-1, fill_value=False), "_fivetran_active"] = False
    dropped = silent | ((v["kind"] == "late_ended") & ~last)
    dropped |= (v["kind"] == "late_history") & (v.groupby("id", sort=False).cumcount() < 2)
    has_items = ~v["kind"].isin(_OF_VERSIONS)
    no_period = v["kind"] == "no_period"
    # An end that is scheduled on the day of a renewal is that of the period which begins: not said yet.
    ends = v["cancel_at_period_end"] & (v["status"] != "canceled")
    ends &= v["current_period_end"] > v["_fivetran_start"]
    return v.assign(
        price_id=v["price_id"].mask(has_items, None),
        quantity=v["quantity"].mask(has_items),
        current_period_start=v["current_period_start"].mask(no_period),
        current_period_end=v["current_period_end"].mask(no_period),
        cancel_at=v["current_period_end"].where(ends),
        billing="charge_automatically",
        metadata="{}",
    )[~dropped].reset_index(drop=True)


def _land_items(block: Block, v: pd.DataFrame, items: pd.DataFrame) -> None:
    period = v.groupby("id", sort=False)[
        ["current_period_start", "current_period_end", "_fivetran_synced"]
    ].last()
    rows = items.join(period, on="subscription_id")
    rows["id"] = "sim_si_" + rows["subscription_id"].str[-10:] + "_" + rows["position"].astype(str)
    rows["plan_id"] = pd.Series([price_id(code) for code in rows["code"]], index=rows.index, dtype=object)
    rows["quantity"] = rows["quantity"].where(rows["quantity"] != NO_QUANTITY)
    block.tables["stripe.subscription_item"] = rows.assign(metadata="{}")


def _land_discounts(block: Block, discounts: pd.DataFrame) -> None:
    """Write discounts of subscriptions to the older table, others to the newer one; half say no end."""
    rows = discounts[discounts["is_first"].astype(bool)].reset_index(drop=True)
    rows["id"] = "sim_di_" + rows["subscription_id"].str[-10:]
    rows["_fivetran_synced"] = rows["start"] + pd.Timedelta(hours=6)
    said = rows["end"].where(rows.index % 2 == 0)
    for column, moments in (("start", rows["start"]), ("end", said)):
        rows[column] = moments.dt.strftime("%Y-%m-%d %H:%M:%S").astype(object).where(moments.notna(), None)
    of_customer, of_invoice = rows["kind"] == "coupon_of_customer", rows["kind"] == "coupon_of_invoice"
    block.tables["stripe.subscription_discount"] = rows[~of_customer & ~of_invoice]
    newer = rows[of_customer | of_invoice].copy()
    invoices = block.tables["stripe.invoice"].groupby("subscription_id")["id"].first()
    newer["invoice_id"] = newer["subscription_id"].map(invoices).where(of_invoice)
    newer["type"] = np.where(of_customer[newer.index], "CUSTOMER", "INVOICE")
    newer["type_id"] = newer["customer_id"].where(of_customer, newer["invoice_id"])
    block.tables["stripe.discount"] = newer.assign(subscription_id=None)
