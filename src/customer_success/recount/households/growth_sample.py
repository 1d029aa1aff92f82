"""Raw rows of journeys that can be about some households, and what occurs anywhere in the raw data."""

from __future__ import annotations

import pandas as pd

from .engagements import template_of
from .facts import Seen
from .loading import Raw
from .reader import Reader
from .rules import Rules
from .values import read_texts, stamp


def read_growth(reader: Reader, raw: Raw, households: set[str]) -> None:
    """Read overrides, reviews and referrals, and the people on both sides of the households' referrals."""
    wanted = reader.ids("own_households", households)
    for name in ("lifecycle_overrides", "reviews"):
        reader.keep(raw, f"cs.{name}", household_id=wanted)
    for name in ("referral_codes", "referrals"):
        reader.keep(raw, f"cs.{name}")
    friends = [
        read_texts(raw["cs", "referrals"][f"{side}_household_id"]) for side in ("referrer", "referred")
    ]
    if raw["cs", "referrals"].empty:
        return
    members = raw["app", "household_members"]
    homes = reader.ids("sides", {*read_texts(members["household_id"]), *pd.concat(friends)})
    known = reader.ids("known_people", read_texts(members["user_id"]))
    reader.keep(raw, "app.household_members", household_id=homes, user_id=known)
    people = [raw["app", "household_members"]["user_id"]]
    if ("app", "users") in raw:  # those whom the desk or the CRM needs have been read
        people.append(raw["app", "users"]["id"])
    reader.keep(raw, "app.users", id=reader.ids("all_people", read_texts(pd.concat(people))))


def seen_in(reader: Reader, as_of: int, rules: Rules) -> Seen:
    """Return what occurs by the end of day `as_of`: templates of meetings, events of members."""
    end = f"timestamp '{stamp(as_of + 1)}'"
    plain = reader.typed("hubspot.engagement", "type", "event", "template", "occurred_at")
    found = reader.connection.execute(
        f"select distinct template from {plain} where type = 'meeting'"
        f" and template is not null and occurred_at < {end}"
    ).fetchall()
    meetings = reader.typed("hubspot.engagement_meeting", "title", "happened_at")
    titles = reader.connection.execute(
        f"select distinct title from {meetings} where happened_at < {end}"
    ).fetchall()
    named = {template_of(title, rules) for (title,) in titles}
    members = reader.typed("app.household_members", "household_id", "user_id")
    events = reader.typed("product.events", "household_id", "user_id", "event_name", "occurred_at")
    happened = reader.connection.execute(
        f"select distinct event_name from {events} semi join {members} using (household_id, user_id)"
        f" where occurred_at < {end}"
    ).fetchall()
    return Seen(
        frozenset({name for (name,) in found} | named - {None}),
        frozenset(name for (name,) in happened),
    )
