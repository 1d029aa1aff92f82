"""Events, members, sessions and the daily activity of households."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .sifting import Staged
from .values import FAR, NEVER, day_numbers


def members(staged: Staged) -> pd.DataFrame:
    """Build dim_members, with the days [joined_day, left_day) at whose end it is a member."""
    rows = staged["app.household_members"]
    out = rows.rename(columns={"id": "member_id"})[
        ["member_id", "household_id", "user_id", "role", "joined_at", "left_at"]
    ].copy()
    out["is_current"] = out["left_at"].isna().astype(object)
    out["joined_day"] = day_numbers(out["joined_at"], FAR)
    out["left_day"] = day_numbers(out["left_at"], FAR)
    return out


def members_at(people: pd.DataFrame, days: dict[str, int]) -> dict[str, int]:
    """Count the distinct members of each household at the end of a day of its own."""
    day = people["household_id"].map(days)
    there = people[(people["joined_day"] <= day) & (day < people["left_day"])]
    counts = there.groupby("household_id")["user_id"].nunique()
    return {home: int(counts.get(home, 0)) for home in days}


def events(staged: Staged) -> pd.DataFrame:
    """Build fct_events: every valid event, at its counted moment."""
    rows, rules = staged["product.events"], staged.rules
    late = rows["occurred_at"].isna() | (rows["occurred_at"] > rows["received_at"])
    mapped = rows["event_name"].map(rules.event_features)
    named = rows["feature_name"].where(rows["event_name"] == "feature_used")
    out = pd.DataFrame(
        {
            "event_id": rows["event_id"],
            "household_id": rows["household_id"],
            "user_id": rows["user_id"],
            "event": rows["event_name"],
            "event_at": rows["occurred_at"].mask(late, rows["received_at"]),
            # The feature that the event names, else the feature whose use it is.
            "delivered_feature_name": rows["feature_name"].astype(object),
            "feature_name": mapped.where(mapped.notna(), named).astype(object),
            "pet_id": rows["pet_id"],
            "page": rows["page"],
        }
    )
    out["event_day"] = day_numbers(out["event_at"], NEVER)
    out["event_date"] = out["event_at"].dt.floor("D")
    return out


def member_events(all_events: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Keep the events of those who are members at the end of the event's day."""
    frame = all_events[["household_id", "user_id", "event_day"]].copy()
    frame["row"] = np.arange(len(frame))
    spans = people[["household_id", "user_id", "joined_day", "left_day"]]
    joined = frame.merge(spans[spans["user_id"].notna()], on=["household_id", "user_id"])
    there = (joined["joined_day"] <= joined["event_day"]) & (joined["event_day"] < joined["left_day"])
    rows = np.unique(joined.loc[there, "row"].to_numpy())
    return all_events.iloc[rows].reset_index(drop=True)


def with_sessions(member: pd.DataFrame, staged: Staged) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Number the sessions of each member; return the events with their session, and sessions.

    Events of the same moment need no order among themselves: nothing below depends on it.
    """
    rules = staged.rules
    person = member.groupby(["household_id", "user_id"], sort=False).ngroup().to_numpy()
    moment = member["event_at"].to_numpy()
    order = np.lexsort((moment, person))
    person, moment = person[order], moment[order]
    new = np.ones(len(order), bool)
    gap = np.timedelta64(rules.session_gap_minutes, "m")
    new[1:] = (person[1:] != person[:-1]) | (moment[1:] - moment[:-1] > gap)
    numbers = np.empty(len(order), dtype="int64")
    numbers[order] = np.cumsum(new) - 1
    member = member.assign(session=numbers)

    grouped = member.groupby("session", sort=True)
    sessions = grouped.agg(
        household_id=("household_id", "first"),
        user_id=("user_id", "first"),
        login_at=("event_at", "min"),
        logout_at=("event_at", "max"),
        event_count=("event_id", "size"),
    )
    known = member[member["feature_name"].isin(rules.feature_tiers)]
    used = known.drop_duplicates(["session", "feature_name"]).groupby("session").size()
    sessions["features_used_count"] = used.reindex(sessions.index, fill_value=0)
    length = sessions["logout_at"] - sessions["login_at"]
    sessions["session_duration_minutes"] = length.dt.total_seconds() / 60
    sessions["login_day"] = day_numbers(sessions["login_at"], NEVER)
    sessions["session_id"] = (
        sessions["household_id"].astype(str)
        + "|"
        + sessions["user_id"].astype(str)
        + "|"
        + sessions["login_at"].astype(str)
    )
    return member, sessions


def household_activity(member: pd.DataFrame, sessions: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Build fct_household_activity: the activity log of members."""
    pairs = member[["household_id", "event_day"]].drop_duplicates()
    spans = people[["household_id", "user_id", "joined_day", "left_day"]]
    there = pairs.merge(spans, on="household_id")
    there = there[(there["joined_day"] <= there["event_day"]) & (there["event_day"] < there["left_day"])]
    counts = (
        there.drop_duplicates(["household_id", "event_day", "user_id"])
        .groupby(["household_id", "event_day"])
        .size()
        .rename("member_count")
        .reset_index()
    )
    out = member.merge(counts, on=["household_id", "event_day"], how="left")
    out["activity_date"] = out["event_date"]
    out["event_type"] = out["event"]
    out["session_id"] = sessions["session_id"].reindex(out["session"]).to_numpy()
    out["session_login_at"] = sessions["login_at"].reindex(out["session"]).to_numpy()
    out["session_logout_at"] = sessions["logout_at"].reindex(out["session"]).to_numpy()
    out["session_duration_minutes"] = sessions["session_duration_minutes"].reindex(out["session"]).to_numpy()
    columns = (
        "event_id household_id user_id member_count activity_date event_at event_type feature_name pet_id"
    )
    session = ["session_id", "session_login_at", "session_logout_at", "session_duration_minutes"]
    return out[[*columns.split(), *session]]


def household_daily(member: pd.DataFrame, sessions: pd.DataFrame, staged: Staged) -> pd.DataFrame:
    """Build fct_household_daily: one row for each day with an event of a member."""
    key = ["household_id", "event_day"]
    out = member.groupby(key).agg(
        active_members=("user_id", "nunique"), activity_date=("event_date", "first")
    )

    def count(rows: pd.DataFrame, by: list[str]) -> pd.Series:
        counts = rows.groupby(by).size()
        counts.index = counts.index.set_names(key)
        return counts.reindex(out.index, fill_value=0)

    begun = sessions.rename(columns={"login_day": "event_day"})
    out["sessions"] = count(begun, key)
    minutes = begun.groupby(key)["session_duration_minutes"].sum()
    out["session_minutes"] = minutes.reindex(out.index, fill_value=0.0)
    session_events = begun.groupby(key)["event_count"].sum()
    out["session_events"] = session_events.reindex(out.index, fill_value=0)
    out["events"] = count(member, key)
    out["photos_uploaded"] = count(member[member["event"] == "photo_upload"], key)
    out["app_opens"] = count(member[member["event"] == "app_open"], key)
    out["tasks_completed"] = count(member[member["event"] == "task_completion"], key)
    known = member[member["feature_name"].isin(staged.rules.feature_tiers)]
    out["features_used"] = count(known.drop_duplicates([*key, "feature_name"]), key)

    tasks = staged["app.tasks"]
    due = tasks.assign(
        event_day=day_numbers(tasks["due_at"], NEVER),
        created_day=day_numbers(tasks["created_at"], FAR),
        deleted_day=day_numbers(tasks["deleted_at"], FAR),
    )
    care = due["category"].map(staged.rules.is_care).astype(bool)
    is_due = (due["created_day"] <= due["event_day"]) & (due["deleted_day"] > due["event_day"])
    due = due[care & is_due & due["due_at"].notna()]
    on_time = due[due["completed_at"] <= due["due_at"]]
    out["care_tasks_due"] = count(due, key)
    out["care_tasks_on_time"] = count(on_time, key)
    if not staged.has("app.tasks"):
        out[["care_tasks_due", "care_tasks_on_time"]] = np.nan
    return out.reset_index()


def feature_usage(member: pd.DataFrame) -> pd.DataFrame:
    """Build fct_feature_usage: each use of a feature by a member."""
    uses = member[member["feature_name"].notna()]
    out = uses[["event_id", "household_id", "user_id", "feature_name", "event_day"]].copy()
    out["used_at"] = uses["event_at"]
    spans = out.groupby(["household_id", "feature_name"])["used_at"]
    out["first_used_at"] = spans.transform("min")
    out["last_used_at"] = spans.transform("max")
    return out.reset_index(drop=True)
