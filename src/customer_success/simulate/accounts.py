"""The app's own tables: households, users, members, pets and feature settings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import DAY_US, HOUR_US, NAT, NEVER, SECOND_US, Calendar
from .columns import choose, ids, join, pick, times, until
from .latent import CLOSED, Latent
from .parameters import REGIONS
from .population import Population
from .text import PET_NAMES, SPECIES, people_names

_CHANNELS = ("organic", "referral", "ads", "vet_partner", "app_store")
SETTINGS = (
    "recurring_tasks", "reminders", "calendar_sync", "notifications", "photo_uploads",
)  # fmt: skip
_SETTING_CHANCE = np.array([0.62, 0.60, 0.30, 0.65, 0.55])


def tables(people: Population, latent: Latent, calendar: Calendar, rng) -> dict[str, dict]:
    """The app tables of a block (tasks and events apart)."""
    n, limit = len(people), calendar.export
    created = calendar.us(people.start) + people.start_second * SECOND_US
    spells = latent.spells
    shut = spells["type"] == CLOSED
    closed_day = np.full(n, NEVER)
    closed_day[spells["household"][shut]] = spells["left"][shut]
    close_time = calendar.us(np.minimum(closed_day, NEVER)) + DAY_US - 90 * SECOND_US
    closed = until(np.where(closed_day < NEVER, close_time, NAT), limit)
    u = rng.random((3, n))
    here = created <= limit
    updated = np.maximum(created + (u[0] * 20 * DAY_US).astype(np.int64), closed)
    updated = np.minimum(updated, limit)
    odd = people.number % 997 == 13
    name = join(
        pick(
            ("The ", "", "Casa ", 'House "', "=Home "),
            np.where(odd, 4, choose(u[1], (0.5, 0.3, 0.15, 0.05))),
        ),
        people_names(people.number * 3),
        pick(("", " 🐾", '"'), np.where(u[1] > 0.95, 2, (people.number % 29 == 0).astype(int))),
    )
    rows = np.flatnonzero(here)
    take = pa.array(rows)
    channel = np.where(u[2] < 0.05, -1, choose((u[2] - 0.05) / 0.95, (0.4, 0.2, 0.2, 0.1, 0.1)))
    out = {
        "app.households": {
            "columns": {
                "id": ids("hh", people.number[rows]),
                "name": name.take(take),
                "owner_user_id": ids("usr", people.member_user[rows, 0]),
                "region": pick(REGIONS, people.region[rows]),
                "created_at": times(created[rows]),
                "closed_at": times(closed[rows]),
                "acquisition_channel": pick(_CHANNELS, channel[rows]),
                "updated_at": times(updated[rows]),
            },
            "seen": updated[rows],
        }
    }
    out |= _people(people, calendar, created, closed_day, here, rng)
    out["app.pets"] = _pets(people, calendar, created, closed_day, here, rng)
    out["app.feature_settings"] = _settings(people, calendar, created, closed_day, rng)
    return out


def _people(people, calendar, created, closed_day, here, rng) -> dict[str, dict]:
    limit = calendar.export
    shape = people.member_from.shape
    second = (rng.random(shape) * DAY_US).astype(np.int64)
    joined = calendar.us(people.member_from) + second
    joined = np.maximum(joined, created[:, None])
    joined[:, 0] = created
    used = ((people.member_from < NEVER) & (people.member_from <= closed_day[:, None])) & (joined <= limit)
    used[:, 0] = here
    left = np.where(
        people.member_to < NEVER, calendar.us(people.member_to) + second // 2 + 60 * SECOND_US, NAT
    )
    left = np.where(people.member_to < closed_day[:, None], left, NAT)
    left = until(left, limit)
    row, slot = np.nonzero(used)
    members = {
        "columns": {
            "id": ids("mem", people.number[row] * 10 + slot),
            "household_id": ids("hh", people.number[row]),
            "user_id": ids("usr", people.member_user[row, slot]),
            "role": pick(("owner", "member"), slot > 0),
            "joined_at": times(joined[row, slot]),
            "left_at": times(left[row, slot]),
        },
        "seen": np.maximum(joined, left)[row, slot],
    }
    row, slot = np.nonzero(people.member_new_user & (people.member_from <= calendar.days))
    first = np.where(used, joined, np.minimum(joined, limit))[row, slot]
    number = people.member_user[row, slot]
    users = {
        "columns": {
            "id": ids("usr", number),
            "email": join(ids("usr", number), "@example.org"),
            "full_name": people_names(number),
            "created_at": times(first),
        },
        "seen": first,
    }
    return {"app.household_members": members, "app.users": users}


def _pets(people, calendar, created, closed_day, here, rng) -> dict:
    shape = people.pet_from.shape
    u = rng.random((4, *shape))
    slot = np.arange(shape[1])
    added = calendar.us(people.pet_from) + (u[0] * DAY_US * 0.9).astype(np.int64)
    signup = people.pet_from == people.start[:, None]
    added = np.where(signup, created[:, None] + (slot + 1) * 45 * SECOND_US, added)
    used = (
        (people.pet_from < NEVER)
        & (people.pet_from <= closed_day[:, None])
        & (added <= calendar.export)
        & here[:, None]
    )
    removed = np.where(people.pet_to < NEVER, calendar.us(people.pet_to) + 20 * HOUR_US, NAT)
    removed = until(removed, calendar.export)
    row, s = np.nonzero(used)
    age = (30 + 4_500 * u[1] ** 1.5).astype(np.int64)
    born = people.pet_from + calendar.epoch - age
    unknown = u[2] < 0.12
    number = people.number[row] * 10 + s
    return {
        "columns": {
            "id": ids("pet", number),
            "household_id": ids("hh", people.number[row]),
            "name": pick(PET_NAMES, (number * 31) % len(PET_NAMES)),
            "species": pick(SPECIES, choose(u[3][row, s], (0.48, 0.36, 0.06, 0.06, 0.04))),
            "born_on": pa.array(born[row, s].astype(np.int32), mask=unknown[row, s]).cast(pa.date32()),
            "added_at": times(added[row, s]),
            "removed_at": times(removed[row, s]),
        },
        "seen": np.maximum(added, removed)[row, s],
    }


def _settings(people, calendar, created, closed_day, rng) -> dict:
    """Switched on soon after signup or later; sometimes off again and on again."""
    n, count = len(people), len(SETTINGS)
    u = rng.random((4, n, count))
    chance = np.clip(_SETTING_CHANCE + 0.10 * people.fit[:, None], 0.03, 0.97)
    used = u[0] < chance
    delay = np.where(u[1] < 0.6, 2 * u[2], 120 * u[2])
    first = created[:, None] + 120 * SECOND_US + (delay * DAY_US).astype(np.int64)
    off = np.where(u[3] < 0.10, first + ((20 + 200 * u[2]) * DAY_US).astype(np.int64), NAT)
    on = np.where(u[3] < 0.03, off + 30 * DAY_US, NAT)
    when = np.stack([first, off, on], axis=2)
    limit = np.minimum(calendar.us(closed_day), calendar.export)
    keep = used[:, :, None] & (when != NAT) & (when <= limit[:, None, None])
    row, feature, step = np.nonzero(keep)
    time = when[row, feature, step]
    return {
        "columns": {
            "id": ids("set", people.number[row] * 100 + feature * 10 + step),
            "household_id": ids("hh", people.number[row]),
            "feature_name": pick(SETTINGS, feature),
            "is_enabled": pa.array(step != 1),
            "changed_at": times(time),
        },
        "seen": time,
    }
