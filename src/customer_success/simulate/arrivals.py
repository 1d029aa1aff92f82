"""Events beside the visits of members: those of other tables, strays, and when each event arrives."""

from __future__ import annotations

import numpy as np

from .clock import DAY_US, HOUR_US, NEVER, SECOND_US, Calendar
from .columns import repeat_ranks
from .latent import DARK, LOG_CANCELLED, LOG_SCHEDULE, LOG_TRIAL
from .parameters import MEMBER_SLOTS, Story
from .population import Population
from .schema import EVENT, EVENT_ROW


def special(people, latent, calendar, house, day, rng) -> np.ndarray:
    """Events that come from other tables: pets, members, trials, leaving."""
    here = _pair_lookup(house, day)
    parts = []

    def add(row, at, name, pet=None, only_active=True) -> None:
        keep = (at <= calendar.days) & (at >= 0)
        if only_active:
            keep &= here(row, at)
        row, at = row[keep], at[keep]
        piece = np.zeros(len(row), dtype=EVENT_ROW)
        first = np.where(at == people.start[row], people.start_second[row] + 95, 0)
        second = np.minimum(first + (40_000 * rng.random(len(row))).astype(int), 86_395)
        piece["occurred"] = calendar.us(at) + second * SECOND_US
        piece["household"], piece["user"] = people.number[row], people.member_user[row, 0]
        piece["pet"] = -1 if pet is None else pet[keep]
        piece["task"] = piece["feature"] = piece["page"] = -1
        piece["name"] = EVENT[name]
        parts.append(piece)

    row, slot = np.nonzero(people.pet_from < NEVER)
    add(row, people.pet_from[row, slot], "pet_added", people.number[row] * 10 + slot)
    row, slot = np.nonzero((people.member_from < NEVER) & (np.arange(MEMBER_SLOTS) > 0))
    add(row, people.member_from[row, slot], "member_invited")
    log = latent.log
    trial = log["kind"] == LOG_TRIAL
    add(log["household"][trial], log["day"][trial], "trial_started", only_active=False)
    down = (log["kind"] == LOG_SCHEDULE) | (log["kind"] == LOG_CANCELLED)
    add(log["household"][down], log["day"][down], "downgrade_clicked")
    spells = latent.spells
    ends = (spells["type"] != DARK) & (rng.random(len(spells["type"])) < 0.6)
    add(spells["household"][ends], spells["left"][ends], "cancellation_requested")
    return np.concatenate(parts)


def _pair_lookup(house: np.ndarray, day: np.ndarray):
    """Membership test for (household, day) pairs that are ordered by both."""
    key = house * NEVER + day

    def lookup(row: np.ndarray, at: np.ndarray) -> np.ndarray:
        if len(key) == 0:
            return np.zeros(len(row), dtype=bool)
        wanted = row * NEVER + at
        found = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        return key[found] == wanted

    return lookup


def stray(people: Population, rows: np.ndarray, calendar: Calendar, rng) -> np.ndarray:
    """Events of former members, and of people who never were members."""
    left_row, slot = np.nonzero((people.member_to < calendar.days) & (people.member_from < NEVER))
    house, step = repeat_ranks(np.full(len(left_row), 3))
    at = people.member_to[left_row, slot][house] + 1 + 4 * step
    keep = (at < calendar.days) & (rng.random(len(house)) < 0.5)
    piece = np.zeros(int(keep.sum()), dtype=EVENT_ROW)
    piece["occurred"] = calendar.us(at[keep]) + (rng.random(len(piece)) * DAY_US).astype(np.int64)
    who = left_row[house[keep]]
    piece["household"] = people.number[who]
    piece["user"] = people.member_user[who, slot[house[keep]]]
    piece["name"] = EVENT["app_open"]
    visit = rows[rng.integers(0, len(rows), 1 + len(rows) // 4_000)].copy()
    guest = rng.integers(0, len(people), len(visit))
    visit["user"] = people.member_user[guest, 0]
    visit["occurred"] += 60 * SECOND_US
    piece = np.concatenate([piece, visit])
    piece["pet"] = piece["task"] = piece["feature"] = piece["page"] = -1
    piece["name"] = EVENT["app_open"]
    return piece


def receive(rows: np.ndarray, calendar: Calendar, story: Story, rng) -> np.ndarray:
    """Add arrival times, clock skew and duplicates; cut at the export; order by arrival."""
    a, n = story.activity, len(rows)
    u, v = rng.random(n), rng.random(n)
    lag = SECOND_US + (-90 * SECOND_US * np.log1p(-v)).astype(np.int64)
    late = u < a.late_share
    lag = np.where(late, ((1 + 2 * v) * DAY_US).astype(np.int64), lag)
    later = (u >= a.late_share) & (u < a.late_share + a.very_late_share)
    lag = np.where(later, ((4 + 6 * v) * DAY_US).astype(np.int64), lag)
    rows["received"] = rows["occurred"] + lag
    skewed = u > 1 - a.skew_share
    ahead = ((180 + 72_000 * v) * SECOND_US).astype(np.int64)
    rows["occurred"] = np.where(skewed, rows["received"] + ahead, rows["occurred"])
    twice = rng.random(n) < a.duplicate_share
    copies = rows[twice].copy()
    w = rng.random((2, len(copies)))
    delay = (-6 * HOUR_US * np.log1p(-w[1])).astype(np.int64)
    copies["received"] += np.where(w[0] < 0.3, 0, delay)
    rows = np.concatenate([rows, copies])
    rows = rows[rows["received"] <= calendar.export]
    return rows[np.argsort(rows["received"], kind="stable")]
