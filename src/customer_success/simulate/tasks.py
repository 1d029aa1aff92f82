"""Care tasks, done and never done."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .clock import DAY_US, NAT, SECOND_US, Calendar
from .columns import choose, ids, pick, repeat_ranks, times, until
from .latent import Latent
from .parameters import Story
from .population import Population

CATEGORIES = ("medication", "vet_visit", "grooming", "weigh_in", "feeding", "other")
_CATEGORY_SHARES = (0.20, 0.05, 0.12, 0.08, 0.40, 0.15)


class Done(NamedTuple):
    """Completions, one row per event; ``u`` are uniform draws of shape (2, n)."""

    happened: np.ndarray
    house: np.ndarray  # index in the block
    user: np.ndarray
    pet: np.ndarray
    effort: np.ndarray
    u: np.ndarray


class _Tasks(NamedTuple):
    """Tasks before they are cut at the export; NAT or -1 for what is not there. ``v`` (n,) is uniform."""

    house: np.ndarray
    created: np.ndarray
    due: np.ndarray
    completed: np.ndarray
    deleted: np.ndarray
    user: np.ndarray
    pet: np.ndarray
    recurring: np.ndarray
    v: np.ndarray


def task_table(
    people: Population,
    latent: Latent,
    calendar: Calendar,
    story: Story,
    base: int,
    days: tuple[np.ndarray, np.ndarray, np.ndarray],
    done: Done,
    rng,
) -> dict:
    """Write one task per completion and those that were never done.

    ``days`` are household, day and effort of the active days; ``base`` is the number of the first task.
    """
    signup = calendar.us(people.start) + people.start_second * SECOND_US
    pairs = zip(
        _completed(done, signup, story, rng), _missed(people, latent, calendar, story, days, rng), strict=True
    )
    tasks = _Tasks(*map(np.concatenate, pairs))
    completed = until(tasks.completed, calendar.export)
    gone = until(tasks.deleted, calendar.export)
    user = np.where(completed == NAT, -1, tasks.user)
    category = choose(tasks.v, _CATEGORY_SHARES)
    number = base + np.arange(len(tasks.house))
    keep = tasks.created <= calendar.export
    seen = np.maximum(np.maximum(tasks.created, completed), gone)
    columns = {
        "id": ids("tsk", number[keep]),
        "household_id": ids("hh", people.number[tasks.house][keep]),
        "pet_id": ids("pet", tasks.pet[keep]),
        "category": pick(CATEGORIES, category[keep]),
        "is_recurring": pa.array(tasks.recurring[keep]),
        "created_at": times(tasks.created[keep]),
        "due_at": times(tasks.due[keep]),
        "completed_at": times(completed[keep]),
        "completed_by": ids("usr", user[keep]),
        "deleted_at": times(gone[keep]),
    }
    return {"columns": columns, "seen": seen[keep]}


def _completed(done: Done, signup: np.ndarray, story: Story, rng) -> _Tasks:
    count = len(done.happened)
    u = rng.random((3, count), dtype=np.float32)
    on_time = done.u[0] < np.array(story.activity.on_time)[done.effort]
    early = (300 + 70_000 * done.u[1].astype(float) ** 2) * SECOND_US
    late = (600 + 140_000 * done.u[1].astype(float) ** 2) * SECOND_US
    due = done.happened + np.where(on_time, early, -late).astype(np.int64)
    created = np.minimum(due, done.happened) - ((0.05 + 4 * u[0]) * DAY_US).astype(np.int64)
    created = np.maximum(created, signup[done.house] + 30 * SECOND_US)
    created = np.minimum(created, done.happened - 10 * SECOND_US)
    due = np.maximum(due, created + 5 * SECOND_US)
    none = np.full(count, NAT)
    return _Tasks(done.house, created, due, done.happened, none, done.user, done.pet, u[1] < 0.55, u[2])


def _missed(people, latent, calendar, story, days, rng) -> _Tasks:
    """Tasks that active households miss, and open tasks of households that left."""
    house, day, effort = days
    row, _ = repeat_ranks(rng.poisson(np.array(story.activity.missed_per_day)[effort]))
    spells = latent.spells
    left, _ = repeat_ranks(np.full(len(spells["left"]), 6))
    left_day = spells["left"][left] + 1 + (20 * rng.random(len(left))).astype(int)
    house = np.concatenate([house[row], spells["household"][left]])
    day = np.concatenate([day[row], left_day])
    abandoned = np.arange(len(day)) >= len(row)
    v = rng.random((5, len(day)))
    due = calendar.us(day) + (v[0] * DAY_US).astype(np.int64)
    signup = calendar.us(people.start) + people.start_second * SECOND_US
    back = np.where(abandoned, 21, 1 + 3 * v[1])
    created = np.maximum(due - (back * DAY_US).astype(np.int64), signup[house] + 20 * SECOND_US)
    due = np.maximum(due, created + 60 * SECOND_US)
    deleted = np.where(v[2] < 0.12, due + (3 * v[3] * DAY_US).astype(np.int64), NAT)
    pet = people.number[house] * 10 + (v[4] * people.pets0[house]).astype(int)
    never, no_member = np.full(len(day), NAT), np.full(len(day), -1)
    return _Tasks(house, created, due, never, deleted, no_member, pet, v[3] < 0.4, v[1])
