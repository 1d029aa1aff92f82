"""What must come out of billing: plan and MRR of each household at the ends of months, and odd periods.

Taken from the simulated versions before they are brought into the connector's shape, not from what lands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..columns import repeat_ranks
from .catalogue import ENTERPRISE, NAMES, NO_COUPON, PREMIUM, PRICES, yen_rate
from .frames import Block, together
from .stripe_money import minor_per_interval, net_of

PER_MONTH = {"month": 1.0, "year": 1 / 12, "week": 52 / 12, "day": 365 / 12, None: 0.0}
IN_FORCE = ("active", "trialing", "past_due", "free", "collection_paused")
PAYING = ("active", "past_due", "free")
_DAY = pd.Timedelta(days=1)


def tell_subscriptions(
    block: Block, v: pd.DataFrame, found: pd.DataFrame, items: pd.DataFrame, discounts: pd.DataFrame
) -> None:
    """Write the truths `subscriptions`, `periods` and `mrr` of a block.

    ``v`` are the versions with `code`, `next_start`, `kind` and `state`, ``items`` and ``discounts`` those of
    `stripe.items_of` and `stripe.discounts_of`.
    """
    household = "sim_hh_" + found["customer_id"].str[-6:]
    by_item = found.index.isin(items["subscription_id"])
    said = {"subscription_id": found.index, "household_id": household, "kind": found["kind"]}
    priced_by = np.where(by_item, "items", "versions")
    block.tell("subscriptions", pd.DataFrame(said | {"priced_by": priced_by}).reset_index(drop=True))
    valued = v.join(_terms(v, items), rsuffix="_of_terms")
    valued["household_id"] = v["id"].map(household)
    valued["is_known"] &= ~v["id"].isin(discounts.loc[discounts["coupon_id"] == NO_COUPON, "subscription_id"])
    _tell_periods(block, valued, discounts)
    last_day = block.midnight - _DAY
    days = pd.date_range(block.begin, last_day, freq="ME").union([last_day])
    closed = block.tables["app.households"].set_index("id")["closed_at"]
    block.tell("mrr", _mrr(_on_days(valued, days), discounts, closed))


def _terms(v: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return of each version its list price per month (cents), whether that is known, and its plan's rank."""
    own = v.loc[~v["id"].isin(items["subscription_id"])]
    own = pd.DataFrame({"row": own.index, "code": own["code"], "quantity": own["quantity"]})
    pairs = (
        v[["id", "_fivetran_start"]]
        .reset_index(names="row")
        .merge(items, left_on="id", right_on="subscription_id")
    )
    terms = together([own, pairs.loc[pairs["created"] <= pairs["_fivetran_start"], list(own.columns)]])
    terms = terms.reset_index(drop=True)
    price = terms["code"].map(PRICES)
    factor = [PER_MONTH[p.interval] / p.count if isinstance(p, tuple) else np.nan for p in price]
    first_day = v["_fivetran_start"].reindex(terms["row"]).to_numpy().astype("M8[D]").astype(np.int64)
    is_yen = np.array([isinstance(p, tuple) and p.currency == "jpy" for p in price])
    cents = minor_per_interval(terms) * factor * np.where(is_yen, 100 * yen_rate(first_day), 1.0)
    product = price.map(lambda p: p.product if isinstance(p, tuple) else 0)
    known = [isinstance(p, tuple) and p.is_known and p.currency != "gbp" for p in price]
    terms = terms.assign(
        cents=cents, is_known=known, rank=product.where(product.isin((PREMIUM, ENTERPRISE)), 0)
    )
    by = terms.groupby("row")
    return (
        pd.DataFrame({"list": by["cents"].sum(), "is_known": by["is_known"].all(), "rank": by["rank"].max()})
        .reindex(v.index)
        .astype({"list": float, "is_known": bool, "rank": float})
    )


def _on_days(v: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Return the version of each subscription at each day that has one, with the column `date`."""
    begin = days.searchsorted(v["_fivetran_start"].dt.floor("D"))
    end = days.searchsorted(v["next_start"].fillna(days[-1] + _DAY).dt.floor("D"))
    row, k = repeat_ranks(np.maximum(end - begin, 0))
    return v.iloc[row].reset_index(drop=True).assign(date=days[begin[row] + k])


def _mrr(now: pd.DataFrame, discounts: pd.DataFrame, closed: pd.Series) -> pd.DataFrame:
    """Return plan and MRR of the households that have a subscription in force, by day."""
    state = now["state"].where(~(now["pause_collection_resumes_at"].dt.floor("D") <= now["date"]), "active")
    is_open = ~(now["household_id"].map(closed) < now["date"] + _DAY)
    now = now.assign(state=state)[state.isin(IN_FORCE) & is_open]
    pays = now["state"].isin(("active", "past_due"))
    net = net_of(now["list"], now["id"], now["date"], discounts)
    free = pays & (net == 0)
    now = now.assign(
        list=now["list"].where(pays & ~free, 0.0) / 100,
        net=net.where(pays, 0.0) / 100,
        is_paying=now["state"].isin(PAYING),
        # Whether nothing or the unknown is asked for is nowhere said of a trial with an unknown price.
        is_open=~now["is_known"] & ~pays,
        is_known=now["is_known"],
    )
    by = now.groupby(["date", "household_id"])
    rank = by["rank"].max()
    out = pd.DataFrame(
        {
            "plan_type": rank.map(lambda r: NAMES.get(int(r))),
            "is_paying": by["is_paying"].any(),
            "is_known": by["is_known"].all(),
            "mrr_list": by["list"].sum().round(4),
            "mrr": by["net"].sum().round(4),
        }
    )[~by["is_open"].any()]
    out.loc[~out["is_known"], ["mrr_list", "mrr"]] = np.nan
    out = out.reset_index()
    return out.assign(date=out["date"].dt.date)


def _tell_periods(block: Block, v: pd.DataFrame, discounts: pd.DataFrame) -> None:
    """Write free months, pauses, backfilled beginnings and ends that the versions do not show."""
    by = v.groupby("id", sort=False)
    place = by.cumcount()
    ends = v["state"].eq("canceled") & v["ended_at"].notna()
    kinds = {
        "free": (v["state"] == "free", "_fivetran_start", "next_start"),
        "paused": (v["state"] == "collection_paused", "_fivetran_start", "next_start"),
        "backfilled": (v["kind"].eq("late_history") & (place == 0), "_fivetran_start", "third_start"),
        "ended": (
            v["kind"].isin(("late_ended", "seen_late", "not_active")) & ends,
            "first_start",
            "ended_at",
        ),
    }
    v = v.assign(
        first_start=by["_fivetran_start"].transform("first"),
        third_start=by["_fivetran_start"].shift(-2),
        next_start=v["pause_collection_resumes_at"].fillna(v["next_start"]),
    )
    parts = []
    for kind, (holds, begin, end) in kinds.items():
        part = v.loc[holds, ["id", "household_id", begin, end]]
        part.columns = ["subscription_id", "household_id", "first_day", "last_day"]
        parts.append(part.assign(kind=kind))
    full = discounts[discounts["kind"] == "coupon_full"]
    owner = v.drop_duplicates("id").set_index("id")["household_id"]
    said = {"subscription_id": full["subscription_id"], "household_id": full["subscription_id"].map(owner)}
    parts.append(pd.DataFrame(said | {"kind": "free", "first_day": full["start"], "last_day": full["end"]}))
    rows = together(parts)
    rows["first_day"] = rows["first_day"].dt.date
    rows["last_day"] = (rows["last_day"].dt.floor("D") - _DAY).dt.date
    block.tell("periods", rows)
