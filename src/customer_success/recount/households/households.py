"""The household dimension and the list of customer success managers."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .activity import members_at
from .billing import Timeline
from .churn import Spell
from .sifting import Staged
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


@dataclass(frozen=True)
class _Counts:
    """Counts per household: signup and closing days, pets and members at the end of as_of_date
    and after the first days, photos, and premium features adopted early.
    """

    signup: dict[str, int]
    closed: dict[str, int]
    pets_now: dict[str, int]
    pets_first: dict[str, int]
    members_now: dict[str, int]
    members_first: dict[str, int]
    photos: pd.Series
    adopted: pd.Series

    @classmethod
    def of(
        cls,
        staged: Staged,
        people: pd.DataFrame,
        member: pd.DataFrame,
        uses: pd.DataFrame,
        lines: dict[str, Timeline],
    ) -> _Counts:
        """Count from memberships, events of members and uses of features."""
        rows, rules = staged["app.households"], staged.rules
        homes = rows["id"].tolist()
        created = zip(homes, day_numbers(rows["created_at"], FAR), strict=True)
        signup = {home: min(int(day), lines[home].first_day) for home, day in created}
        week_one = {home: int(day) + rules.initial_day for home, day in signup.items()}
        today = dict.fromkeys(homes, staged.as_of)
        pets = staged["app.pets"].copy()
        pets["added_day"] = day_numbers(pets["added_at"], FAR)
        pets["removed_day"] = day_numbers(pets["removed_at"], FAR)
        premium = {name for name, tier in rules.feature_tiers.items() if tier == "premium"}
        first = uses["household_id"].map(signup)
        early = uses[
            uses["feature_name"].isin(premium)
            & (uses["event_day"] >= first)
            & (uses["event_day"] <= first + rules.first_adoption_days - 1)
        ]
        return cls(
            signup=signup,
            closed=dict(zip(homes, day_numbers(rows["closed_at"], FAR), strict=True)),
            pets_now=pets_at(pets, today),
            pets_first=pets_at(pets, week_one),
            members_now=members_at(people, today),
            members_first=members_at(people, week_one),
            photos=member[member["event"] == "photo_upload"].groupby("household_id").size(),
            adopted=early.groupby("household_id")["feature_name"].nunique(),
        )


def dim_households(
    staged: Staged,
    people: pd.DataFrame,
    member: pd.DataFrame,
    uses: pd.DataFrame,
    lines: dict[str, Timeline],
    spells: dict[str, list[Spell]],
    subscriptions: pd.DataFrame,
) -> pd.DataFrame:
    """Build dim_households, without the columns of the health and churn models."""
    counts = _Counts.of(staged, people, member, uses, lines)
    names = dict(zip(staged["app.users"]["id"], staged["app.users"]["full_name"], strict=True))
    switches, managers = settings(staged), csm_of(staged)
    billed = subscriptions.set_index("household_id")
    data_set = staged.raw["meta", "dataset"]
    synthetic = bool((data_set["kind"] == "synthetic").any()) if len(data_set) else False
    knows_settings = staged.has("app.feature_settings")
    out = []
    for row in staged["app.households"].itertuples(index=False):
        bill = billed.loc[row.id] if row.id in billed.index else None
        entry = {
            "household_id": row.id,
            "household_name": row.name,
            "owner_name": names.get(row.owner_user_id),
            "region": row.region,
            "created_at": row.created_at,
            "acquisition_channel": row.acquisition_channel,
            "csm_owner_id": managers.get(row.id),
            "is_synthetic": synthetic,
        }
        entry |= _life(row.id, counts, spells[row.id], staged.as_of)
        entry |= _billing(lines[row.id], bill, staged) | _today(row.id, counts, staged)
        entry |= _first_days(row.id, counts, lines[row.id], staged)
        for column, feature in SWITCHES.items():
            entry[column] = bool(switches.get((row.id, feature), False)) if knows_settings else None
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


def _life(home: str, counts: _Counts, own: list[Spell], as_of: int) -> dict[str, object]:
    """Return the dates of signup, leaving and return."""
    first = int(counts.signup[home])
    gone = own[-1] if own and own[-1].reactivated is None else None
    never = counts.closed[home] <= first
    returns = [spell.reactivated for spell in own if spell.reactivated is not None]
    until = gone.churned if gone else first if never else as_of
    return {
        "signup_day": first,
        "is_active": gone is None and not never,
        "churned_day": gone.churned if gone else None,
        "reactivated_day": returns[-1] if returns else None,
        "churn_count": len(own),
        "days_since_signup": as_of - first,
        "tenure_days": until - first,
    }


def _billing(line: Timeline, bill: pd.Series | None, staged: Staged) -> dict[str, object]:
    now = line.at(staged.as_of)
    stripe = staged.has("stripe.customer", "stripe.subscription_history")
    next_bill = pd.NaT
    if bill is not None and bill["in_force"] and not bill["leaving"]:
        next_bill = bill["current_period_end"]
    return {
        "plan_type": now.plan if stripe else None,
        "payment_status": None if bill is None else bill["payment_status"],
        "mrr": now.mrr if stripe else None,
        "next_billing_date": next_bill,
    }


def _today(home: str, counts: _Counts, staged: Staged) -> dict[str, object]:
    photos = int(counts.photos.get(home, 0))
    return {
        "member_count": counts.members_now[home],
        "active_pet_count": counts.pets_now[home] if staged.has("app.pets") else None,
        "photos_uploaded_count": photos if staged.has("product.events") else None,
    }


def _first_days(home: str, counts: _Counts, line: Timeline, staged: Staged) -> dict[str, object]:
    """Return facts of the first days; unknown until they have passed."""
    rules, first = staged.rules, int(counts.signup[home])
    entry: dict[str, object] = dict.fromkeys(
        ("initial_plan_type", "initial_pets_count", "initial_members_count")
    )
    entry["premium_features_adopted_first_30d"] = None
    if first + rules.initial_day <= staged.as_of:
        stripe = staged.has("stripe.customer", "stripe.subscription_history")
        entry["initial_plan_type"] = line.at(first + rules.initial_day).plan if stripe else None
        entry["initial_pets_count"] = counts.pets_first[home] if staged.has("app.pets") else None
        entry["initial_members_count"] = counts.members_first[home]
    if first + rules.first_adoption_days - 1 <= staged.as_of and staged.has("product.events"):
        entry["premium_features_adopted_first_30d"] = int(counts.adopted.get(home, 0))
    return entry


def _name(row) -> str | None:
    parts = " ".join(part for part in (row.first_name, row.last_name) if part is not None).strip()
    return row.full_name if row.full_name is not None else parts or None


def dim_csms(staged: Staged, households: pd.DataFrame) -> pd.DataFrame:
    """Build dim_csms with the number of present customers of each one."""
    rows = staged["hubspot.owner"]
    if "is_deleted" in rows.columns:  # readable for what refers to them, but gone
        rows = rows[~rows["is_deleted"].astype(bool)]
    counts: dict[str, int] = {}
    if len(households):
        mine = households[households["is_active"].astype(bool)]
        counts = mine["csm_owner_id"].value_counts().to_dict()
    out = rows.rename(columns={"id": "owner_id"})[["owner_id"]].copy()
    out["full_name"] = [_name(row) for row in rows.itertuples(index=False)]
    said = staged["cs.csms"].drop_duplicates("email").set_index("email")
    addresses = [(email or "").strip().lower() for email in rows["email"]]
    for column in ("role", "specialization", "regions", "portfolio_size"):
        own = pd.Series([said[column].get(email) for email in addresses], index=rows.index, dtype=object)
        out[column] = own.where(own.notna(), rows[column])
    out["current_portfolio"] = [int(counts.get(owner, 0)) for owner in out["owner_id"]]
    return out
