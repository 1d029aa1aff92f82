"""The household dimension and the list of customer success managers."""

from __future__ import annotations

import pandas as pd

from .activity import members_at
from .billing import Timeline
from .churn import Spell
from .staging import Staged
from .values import FAR, day_numbers, stamps

SWITCHES = {
    "recurring_tasks_enabled": "recurring_tasks",
    "reminders_enabled": "reminders",
    "calendar_sync_enabled": "calendar_sync",
    "notifications_enabled": "notifications",
}


def csm_of(staged: Staged) -> dict[str, str]:
    """Find each household's CSM: the owner of its company, once assigned."""
    rows = staged["hubspot.company"]
    rows = rows[~(rows["assigned_at"] >= staged.end) & rows["owner_id"].notna()]
    rows = rows.sort_values(["assigned_at", "id"], na_position="first")
    return dict(zip(rows["household_id"], rows["owner_id"], strict=True))


def settings(staged: Staged) -> dict[tuple[str, str], bool]:
    """Find the latest setting of each feature in each household."""
    rows = staged["app.feature_settings"].sort_values(["changed_at", "id"])
    return {
        (home, feature): value
        for home, feature, value in zip(
            rows["household_id"], rows["feature_name"], rows["is_enabled"], strict=True
        )
    }


def pets_at(pets: pd.DataFrame, days: dict[str, int]) -> dict[str, int]:
    """Count the pets that each household has at the end of a day of its own."""
    day = pets["household_id"].map(days)
    there = pets[(pets["added_day"] <= day) & (day < pets["removed_day"])]
    counts = there.groupby("household_id").size()
    return {home: int(counts.get(home, 0)) for home in days}


def dim_households(
    staged: Staged,
    people: pd.DataFrame,
    member: pd.DataFrame,
    uses: pd.DataFrame,
    lines: dict[str, Timeline],
    spells: dict[str, list[Spell]],
    subscriptions: pd.DataFrame,
) -> pd.DataFrame:
    """Build dim_households, without what the health and churn models add to it."""
    as_of, rules = staged.as_of, staged.rules
    rows = staged["app.households"]
    names = dict(zip(staged["app.users"]["id"], staged["app.users"]["full_name"], strict=True))
    homes = rows["id"].tolist()
    signup = dict(zip(homes, day_numbers(rows["created_at"], FAR), strict=True))
    closed = dict(zip(homes, day_numbers(rows["closed_at"], FAR), strict=True))
    week_one = {home: int(day) + rules.initial_day for home, day in signup.items()}
    today = dict.fromkeys(homes, as_of)

    pets = staged["app.pets"].copy()
    pets["added_day"] = day_numbers(pets["added_at"], FAR)
    pets["removed_day"] = day_numbers(pets["removed_at"], FAR)
    pets_now, pets_first = pets_at(pets, today), pets_at(pets, week_one)
    members_now, members_first = members_at(people, today), members_at(people, week_one)
    photos = member[member["event"] == "photo_upload"].groupby("household_id").size()
    premium = {name for name, tier in rules.feature_tiers.items() if tier == "premium"}
    early = uses[
        uses["feature_name"].isin(premium)
        & (uses["event_day"] >= uses["household_id"].map(signup))
        & (uses["event_day"] <= uses["household_id"].map(signup) + rules.first_adoption_days - 1)
    ]
    adopted = early.groupby("household_id")["feature_name"].nunique()
    switches, managers = settings(staged), csm_of(staged)
    billed = subscriptions.set_index("household_id")
    data_set = staged.raw["meta", "dataset"]
    synthetic = bool((data_set["kind"] == "synthetic").any()) if len(data_set) else False

    stripe = staged.has("stripe.customer", "stripe.subscription_history")
    out = []
    for row in rows.itertuples(index=False):
        home = row.id
        first = int(signup[home])
        own = spells[home]
        gone = own[-1] if own and own[-1].reactivated is None else None
        never = closed[home] <= first
        returns = [spell.reactivated for spell in own if spell.reactivated is not None]
        now = lines[home].at(as_of)
        bill = billed.loc[home] if home in billed.index else None
        next_bill = pd.NaT
        if bill is not None and bill["in_force"] and not bill["cancel_at_period_end"]:
            next_bill = bill["current_period_end"]
        until = gone.churned if gone else first if never else as_of
        entry = {
            "household_id": home,
            "household_name": row.name,
            "owner_name": names.get(row.owner_user_id),
            "region": row.region,
            "created_at": row.created_at,
            "signup_day": first,
            "acquisition_channel": row.acquisition_channel,
            "is_active": gone is None and not never,
            "churned_day": gone.churned if gone else None,
            "reactivated_day": returns[-1] if returns else None,
            "churn_count": len(own),
            "plan_type": now.plan if stripe else None,
            "payment_status": None if bill is None else bill["payment_status"],
            "mrr": now.mrr if stripe else None,
            "next_billing_date": next_bill,
            "member_count": members_now[home],
            "active_pet_count": pets_now[home] if staged.has("app.pets") else None,
            "photos_uploaded_count": int(photos.get(home, 0)) if staged.has("product.events") else None,
            "days_since_signup": as_of - first,
            "tenure_days": until - first,
            "initial_plan_type": None,
            "initial_pets_count": None,
            "initial_members_count": None,
            "premium_features_adopted_first_30d": None,
            "csm_owner_id": managers.get(home),
            "is_synthetic": synthetic,
        }
        for column, feature in SWITCHES.items():
            known = staged.has("app.feature_settings")
            entry[column] = bool(switches.get((home, feature), False)) if known else None
        if first + rules.initial_day <= as_of:
            entry["initial_plan_type"] = lines[home].at(first + rules.initial_day).plan if stripe else None
            entry["initial_pets_count"] = pets_first[home] if staged.has("app.pets") else None
            entry["initial_members_count"] = members_first[home]
        if first + rules.first_adoption_days - 1 <= as_of and staged.has("product.events"):
            entry["premium_features_adopted_first_30d"] = int(adopted.get(home, 0))
        out.append(entry)
    frame = pd.DataFrame(out)
    if frame.empty:
        return pd.DataFrame(columns=["household_id"])
    frame["signup_date"] = stamps(frame.pop("signup_day").tolist())
    for column in ("churned", "reactivated"):
        days = [None if pd.isna(day) else int(day) for day in frame.pop(f"{column}_day")]
        frame[f"{column}_at"] = stamps(days)
    frame["next_billing_date"] = pd.to_datetime(frame["next_billing_date"])
    return frame


def dim_csms(staged: Staged, households: pd.DataFrame) -> pd.DataFrame:
    """Build dim_csms with the number of present customers that each one looks after."""
    rows = staged["hubspot.owner"]
    counts: dict[str, int] = {}
    if len(households):
        mine = households[households["is_active"].astype(bool)]
        counts = mine["csm_owner_id"].value_counts().to_dict()
    out = rows.rename(columns={"id": "owner_id"})[
        ["owner_id", "full_name", "role", "specialization", "regions", "portfolio_size"]
    ].copy()
    out["current_portfolio"] = [int(counts.get(owner, 0)) for owner in out["owner_id"]]
    return out
