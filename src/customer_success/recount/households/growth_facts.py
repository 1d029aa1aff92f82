"""What the rules of growth need of a household beside ``facts.Home`` and ``voice_facts.Voice``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from . import activity
from .sifting import Staged
from .values import FAR, day_number


class Hit(NamedTuple):
    """A limit that a member hit; `feature` is the one that the event names."""

    day: int
    feature: str | None


class Criterion(NamedTuple):
    """A criterion of a success plan, as stated."""

    metric: str
    baseline: Fraction | None
    target: Fraction | None
    created: int
    deadline: int


class Pet(NamedTuple):
    """A pet: species, day of birth if known, and the days on which it is there."""

    species: str | None
    born: int | None
    added: int
    removed: int


class Task(NamedTuple):
    """A recurring task: in use from `created` until it is done or deleted, while `due` is near."""

    created: int
    due: int | None
    until: int


@dataclass
class Growth:
    """Facts about one household, as raw rows have them by as_of_date."""

    owner: str | None = None
    hits: list[Hit] = field(default_factory=list)
    pages: list[tuple[int, str]] = field(default_factory=list)
    criteria: list[Criterion] = field(default_factory=list)
    pets: list[Pet] = field(default_factory=list)
    recurring: list[Task] = field(default_factory=list)
    activities: list[tuple[int, str]] = field(default_factory=list)


def growths(staged: Staged, wanted: Iterable[str]) -> dict[str, Growth]:
    """Collect the facts of the wanted households from classified rows."""
    homes = staged["app.households"]
    owners = dict(zip(homes["id"], homes["owner_user_id"], strict=True))
    found = {home: Growth(owners.get(home)) for home in wanted}
    _events(staged, found)
    for row in _rows(staged, "app.pets", found):
        born = None if pd.isna(row.born_on) else day_number(row.born_on)
        removed = FAR if pd.isna(row.removed_at) else day_number(row.removed_at)
        pet = Pet(row.species, born, day_number(row.added_at), removed)
        found[row.household_id].pets.append(pet)
    for row in _rows(staged, "app.tasks", found):
        if row.is_recurring is True:
            ends = [m for m in (row.completed_at, row.deleted_at) if not pd.isna(m)]
            due = None if pd.isna(row.due_at) else day_number(row.due_at)
            until = day_number(min(ends)) if ends else FAR
            found[row.household_id].recurring.append(Task(day_number(row.created_at), due, until))
    for row in _rows(staged, "cs.success_criteria", found):
        values = [None if pd.isna(value) else Fraction(value) for value in (row.baseline, row.target)]
        deadline = FAR if pd.isna(row.deadline) else day_number(row.deadline)
        one = Criterion(row.metric, *values, day_number(row.created_at), deadline)
        found[row.household_id].criteria.append(one)
    for row in _rows(staged, "cs.advocacy_activities", found):
        found[row.household_id].activities.append((day_number(row.completed_at), row.activity))
    return found


def _rows(staged: Staged, name: str, found: dict[str, Growth]) -> Iterable:
    frame = staged[name]
    return frame[frame["household_id"].isin(found)].itertuples(index=False)


def _events(staged: Staged, found: dict[str, Growth]) -> None:
    people = activity.members(staged)
    every = activity.events(staged)
    every = every[every["household_id"].isin(found) & every["event"].isin(["limit_hit", "page_view"])]
    of_members = activity.member_events(every.reset_index(drop=True), people)
    for row in of_members.itertuples(index=False):
        if row.event == "limit_hit":
            found[row.household_id].hits.append(Hit(row.event_day, row.delivered_feature_name))
        elif row.page is not None:
            found[row.household_id].pages.append((row.event_day, row.page))
