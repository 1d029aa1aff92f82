"""Facts of journeys: overrides, reviews, referrals that converted; what occurs anywhere in the data."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from . import engagements
from .billing import Timeline
from .facts import Home, Override, Review, Seen
from .sifting import Staged
from .values import day_number

Homes = dict[str, Home]


def collect(staged: Staged, homes: Homes, lines: dict[str, Timeline]) -> None:
    """Give each household its overrides, its reviews and the days on which its referrals converted."""
    for row in staged["cs.lifecycle_overrides"].itertuples(index=False):
        if row.household_id in homes:
            override = Override(row.set_at, row.id, day_number(row.set_at), row.stage)
            homes[row.household_id].overrides.append(override)
    for row in staged["cs.reviews"].itertuples(index=False):
        if row.household_id in homes:
            rating = None if row.rating != row.rating else Fraction(row.rating)
            homes[row.household_id].reviews.append(Review(day_number(row.submitted_at), rating))
    people = _people(staged)
    for row in staged["cs.referrals"].itertuples(index=False):
        home, friend = row.household_id, row.referred_household_id
        if home not in homes or friend not in lines or _is_self(people, home, friend):
            continue
        day = converted_on(lines[friend], day_number(row.created_at), staged.as_of)
        if day is not None:
            homes[home].conversions.append(day)
    for home in homes.values():
        home.overrides.sort()
        home.conversions.sort()


def converted_on(line: Timeline, created: int, as_of: int) -> int | None:
    """Find the first paying day on or after the day of a referral.

    A household that paid on the day before has not been won by it.
    """
    if line.at(created - 1).paying:
        return None
    days = [created, *(day for day in line.days if created < day <= as_of)]
    return next((day for day in days if line.at(day).paying), None)


def _people(staged: Staged) -> dict[str, set[str]]:
    """Return the users and the e-mail addresses of each household, of those who have left too."""
    addresses = {row.id: address_of(row.email) for row in staged["app.users"].itertuples(index=False)}
    found: dict[str, set[str]] = defaultdict(set)
    for row in staged["app.household_members"].itertuples(index=False):
        if row.user_id is not None:
            found[row.household_id].add(f"user {row.user_id}")
        if addresses.get(row.user_id):
            found[row.household_id].add(f"address {addresses[row.user_id]}")
    return found


def address_of(email: str | None) -> str | None:
    """Return an e-mail address in lower case, without what follows a plus sign before the at sign.

    None where a name or a host is missing.
    """
    local, _, host = (email or "").strip().lower().rpartition("@")
    name = local.partition("+")[0]
    return f"{name}@{host}" if name and host else None


def _is_self(people: dict[str, set[str]], home: str, friend: str) -> bool:
    """Return whether a household referred itself: a user or an address belongs to both."""
    return home == friend or not people[home].isdisjoint(people[friend])


def seen(staged: Staged) -> Seen:
    """Return what occurs anywhere in rows that were read whole."""
    meetings = (touch for _, touch in engagements.touches(staged) if touch.kind == "meeting")
    members = staged["app.household_members"][["household_id", "user_id"]].drop_duplicates()
    events = staged["product.events"].merge(members, on=["household_id", "user_id"])["event_name"]
    return Seen(frozenset(touch.template for touch in meetings if touch.template), frozenset(events))
