"""Which subscription shows which of the shapes that billing takes in real accounts; at most one each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from .catalogue import NO_COUPON, NO_PRICE

OF_VERSION = None  # the price, or the quantity, that the versions had
NO_QUANTITY = -1


class Kind(NamedTuple):
    """A shape: its share of the subscriptions that can show it, its items (price, quantity) and its coupon.

    ``needs`` names the column of `profiles` that says which can.
    """

    share: float
    needs: str
    items: tuple[tuple[int | None, int | None], ...] = ((OF_VERSION, OF_VERSION),)
    coupon: str | None = None


_PLAN = (OF_VERSION, OF_VERSION)
KINDS: dict[str, Kind] = {
    "free_month": Kind(0.10, "has_middle"),
    "paused": Kind(0.06, "has_middle"),
    "paused_until": Kind(0.06, "has_middle"),
    "late_history": Kind(0.15, "can_begin_late"),
    "late_ended": Kind(0.15, "has_plain_end"),
    "seen_late": Kind(0.15, "has_plain_end"),
    "not_active": Kind(0.15, "has_plain_end"),
    "price_missing": Kind(0.01, "is_premium", ((NO_PRICE, 1),)),
    "tiered": Kind(0.01, "is_premium", ((36, 1),)),
    "no_rate": Kind(0.01, "is_premium", ((39, OF_VERSION),)),
    "metered": Kind(0.01, "is_simple", (_PLAN, (37, NO_QUANTITY))),
    "coupon_missing": Kind(0.01, "is_simple", coupon=NO_COUPON),
    "quantity_missing": Kind(0.01, "is_premium", ((OF_VERSION, NO_QUANTITY),)),
    "yen": Kind(0.03, "is_premium", ((38, OF_VERSION),)),
    "legacy_plan": Kind(0.03, "is_premium", ((41, OF_VERSION),)),
    "extra_seat": Kind(0.06, "is_premium", (_PLAN, (31, 2))),
    "extra_seat_business": Kind(0.10, "is_enterprise", (_PLAN, (32, 3))),
    "storage": Kind(0.04, "is_simple", (_PLAN, (33, 200))),
    "storage_in_tens": Kind(0.03, "is_simple", (_PLAN, (34, 25))),
    "one_time": Kind(0.02, "is_simple", (_PLAN, (35, 1))),
    "coupon_forever": Kind(0.05, "is_simple", coupon="sim_coupon_quarter_off"),
    "coupon_months": Kind(0.05, "is_simple", coupon="sim_coupon_half_off"),
    "coupon_amount": Kind(0.03, "is_simple", coupon="sim_coupon_two_dollars"),
    "coupon_once": Kind(0.02, "is_simple", coupon="sim_coupon_first"),
    "coupon_of_customer": Kind(0.02, "is_simple", coupon="sim_coupon_loyal"),
    "coupon_of_invoice": Kind(0.02, "is_simple", coupon="sim_coupon_loyal"),
    "coupon_full": Kind(0.02, "is_simple", coupon="sim_coupon_on_us"),
    "no_period": Kind(0.10, "is_simple"),
    "own_price": Kind(0.10, "is_constant"),
    "history_lost": Kind(0.10, "is_changing"),
}
_PREMIUM_MONTH, _ENTERPRISE_MONTH = 10, 20


def profiles(versions: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Say of each subscription (index) which kinds it can show; versions are ordered by it and time."""
    v = versions
    by = v.groupby("id", sort=False)
    active = (v["status"] == "active") & ~v["cancel_at_period_end"] & v["canceled_at"].isna()
    found = by.agg(n=("id", "size"), code=("code", "last"), customer_id=("customer_id", "first"))
    found["is_constant"] = by["code"].nunique().eq(1) & by["quantity"].nunique().eq(1)
    found["is_changing"] = ~found["is_constant"]
    has_paid = v["status"].eq("active").groupby(v["id"], sort=False).any()
    found["is_simple"] = (
        found["is_constant"] & has_paid & found["code"].isin((_PREMIUM_MONTH, _ENTERPRISE_MONTH))
    )
    found["is_premium"] = found["is_simple"] & (found["code"] == _PREMIUM_MONTH)
    found["is_enterprise"] = found["is_simple"] & (found["code"] == _ENTERPRISE_MONTH)
    untried = by["trial_start"].count().eq(0)
    first_four = active.where(by.cumcount() < 4, True).groupby(v["id"], sort=False).all()
    found["can_begin_late"] = found["is_simple"] & untried & first_four & (found["n"] >= 5)
    paying = v["status"].isin(("active", "past_due", "canceled")).groupby(v["id"], sort=False).all()
    ended = by["status"].last().eq("canceled") & by["ended_at"].last().notna()
    found["has_plain_end"] = found["is_simple"] & untried & paying & ended & (found["n"] >= 2)
    found["middle"] = _middle(v, active, rng)
    found["has_middle"] = found["is_simple"] & found["middle"].notna()
    return found


def _middle(v: pd.DataFrame, active: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Return the label of one quiet month between two others, drawn evenly, null where there is none."""
    quiet = active & (v["next_start"] - v["_fivetran_start"] >= pd.Timedelta(days=27))
    same = v["id"].eq(v["id"].shift(1)) & v["id"].eq(v["id"].shift(-1))
    between = quiet & same & active.shift(1, fill_value=False) & active.shift(-1, fill_value=False)
    between &= v["current_period_start"] == v["_fivetran_start"]
    rows = rng.permutation(v.index[between])
    return pd.Series(rows, index=v.loc[rows, "id"]).groupby(level=0).last()


def kinds_of(found: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Draw the kind of each subscription; `plain` where it has none, `changing` where its terms changed."""
    order = rng.permutation(len(found))
    kinds = np.where(found["is_changing"], "changing", "plain").astype(object)
    free = np.ones(len(found), dtype=bool)
    for name, kind in KINDS.items():
        can = found[kind.needs].to_numpy()
        wanted = max(1, round(kind.share * can.sum()))
        rows = order[(can & free)[order]][:wanted]
        kinds[rows] = name
        free[rows] = False
    return pd.Series(kinds, index=found.index)
