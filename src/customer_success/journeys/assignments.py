"""Assignment of customers without an owner to customer success managers, one customer after the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

NO_PLAN = "no_csm_for_plan"
NO_REGION = "no_csm_for_region"
NO_PORTFOLIO = "no_portfolio_left"


def assign(demand: pd.DataFrame, supply: pd.DataFrame) -> pd.DataFrame:
    """Return household_id, owner_id (null where nobody is left) and the reason where it is null.

    ``demand``: a row per customer without an owner, in the order of assignment: household_id, plan_type and
    region, which may be null. ``supply``: a row per owner and plan that the owner looks after (null: an
    unknown plan), with regions (names with commas between them), portfolio_size and households, the
    customers that the owner already has.

    Each customer goes to the owner who looks after its plan and region and has the fewest customers of those
    with room left, counting what has just been assigned; the lowest owner_id where several have as few. An
    unknown region is looked after by nobody.
    """
    owners = supply.drop_duplicates("owner_id").sort_values("owner_id", ignore_index=True)
    held = owners["households"].to_numpy(dtype=np.int64).copy()
    size = owners["portfolio_size"].to_numpy(dtype=np.int64)
    regions = [_names(one) for one in owners["regions"]]
    position = pd.Series(np.arange(len(owners)), index=owners["owner_id"])
    of_plan = {
        plan: np.sort(position[part["owner_id"]].to_numpy())
        for plan, part in supply.assign(plan_type=_text(supply["plan_type"])).groupby("plan_type")
    }
    suited: dict[tuple[str, str], np.ndarray] = {}
    chosen, reasons = [], []
    for plan, region in zip(_text(demand["plan_type"]), _text(demand["region"]), strict=True):
        for_plan = of_plan.get(plan, np.empty(0, dtype=np.int64))
        if (plan, region) not in suited:
            suited[plan, region] = np.array([at for at in for_plan if region in regions[at]], dtype=np.int64)
        for_both = suited[plan, region]
        with_room = for_both[held[for_both] < size[for_both]]
        if len(with_room):
            best = with_room[np.argmin(held[with_room])]
            held[best] += 1
            chosen.append(owners["owner_id"].iat[best])
            reasons.append(None)
        else:
            chosen.append(None)
            reasons.append(NO_PLAN if not len(for_plan) else NO_REGION if not len(for_both) else NO_PORTFOLIO)
    return pd.DataFrame(
        {
            "household_id": demand["household_id"].astype("string").to_numpy(),
            "owner_id": pd.array(chosen, dtype="string"),
            "reason": pd.array(reasons, dtype="string"),
        }
    )


def _text(column: pd.Series) -> pd.Series:
    """A null becomes the empty text, which is the name of no plan and no region."""
    return column.astype("string").fillna("")


def _names(regions: object) -> frozenset[str]:
    """The names in a list of regions."""
    text = "" if pd.isna(regions) else str(regions)
    return frozenset(name.strip() for name in text.split(",") if name.strip())
