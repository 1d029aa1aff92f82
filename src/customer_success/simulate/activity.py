"""Product events and care tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from .clock import DAY_US, HOUR_US, NAT, NEVER, SECOND_US, Calendar
from .columns import LOCAL_EVENTS, choose, ids, pick, repeat_ranks, times, until
from .latent import DARK, FREE, LOG_CANCELLED, LOG_SCHEDULE, LOG_TRIAL, Latent
from .parameters import MEMBER_SLOTS, Story
from .population import Population
from .schema import (
    EVENT,
    FIRST_PREMIUM_FEATURE,
    ONBOARDING,
    PAGE,
    PHOTOS,
)

EVENT_ROW = np.dtype(
    [
        ("received", "i8"),  # microseconds
        ("number", "i8"),  # of the event, -1 null
        ("occurred", "i8"),
        ("task", "i8"),  # -1 null, also below
        ("household", "i4"),
        ("user", "i4"),
        ("pet", "i4"),
        ("name", "i1"),
        ("feature", "i1"),
        ("page", "i1"),
    ]
)
CATEGORIES = ("medication", "vet_visit", "grooming", "weigh_in", "feeding", "other")
_CATEGORY_SHARES = (0.20, 0.05, 0.12, 0.08, 0.40, 0.15)
_TYPES = (
    EVENT["page_view"],
    EVENT["feature_used"],
    EVENT["task_completion"],
    EVENT["photo_upload"],
    EVENT["app_open"],
    EVENT["limit_hit"],
    EVENT["cancellation_requested"],
    EVENT["widget_tapped"],
)
_TYPE_SHARES = (0.235, 0.255, 0.37, 0.06, 0.072, 0.004, 0.0006, 0.0034)
_FEATURE_SHARES = (0.22, 0.24, 0.07, 0.17, 0.12, 0.08, 0.05, 0.03, 0.01, 0.01)
_PAGE_SHARES = (0.28, 0.13, 0.16, 0.12, 0.07, 0.03, 0.03, 0.03, 0.05, 0.06, 0.04)
PHOTO_LIMIT = 10


@dataclass(frozen=True)
class Pace:
    """How busy the app is relative to the natural rate (1)."""

    ratio: float = 1.0

    @property
    def extra(self) -> float:
        """Multiplier of the events beyond the first of a member's day."""
        return self.ratio if self.ratio >= 1 else self.ratio**1.6

    @property
    def member(self) -> float:
        """Multiplier of the chance that a member takes part."""
        return min(self.ratio, 1.0) ** 0.7

    @property
    def household(self) -> float:
        """Multiplier of the chance of an active day (never below the floor)."""
        return min(self.ratio, 1.0) ** 0.25


def _chances(story: Story, pace: Pace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a = story.activity
    household = np.maximum(np.array(a.household_active) * pace.household, a.least_active)
    return household, np.array(a.member_active) * pace.member, np.array(a.extra_events) * pace.extra


def expected_events(
    people: Population, latent: Latent, calendar: Calendar, story: Story, pace: Pace
) -> float:
    """Mean number of events of a block up to the end date, by weeks."""
    household, member, extra = _chances(story, pace)
    mondays = np.array([calendar.monday(w) for w in range(calendar.weeks)])
    begin = np.maximum(latent.first, -mondays)
    end = np.minimum(latent.last, calendar.days - 1 - mondays)
    days = np.maximum(end - begin + 1, 0)
    row, week = np.nonzero(days * (latent.effort >= 0))
    effort = latent.effort[row, week]
    middle = (mondays[week] + 3)[:, None]
    there = (people.member_from[row] <= middle) & (middle < people.member_to[row])
    there[:, 0] = True
    chance = there * people.member_weight[row] * member[effort][:, None]
    members = chance.sum(axis=1) + np.prod(1 - chance, axis=1)
    weekday = (5 + 2 * story.activity.weekend) / 7
    daily = household[effort] * weekday * members * (1 + extra[effort] * people.pace[row])
    arrivals = (people.members0 + people.pets0).sum()  # invitations, pets, the signup day
    visits = (days[row, week] * daily).sum()
    return float(visits + arrivals) * (1 + story.activity.duplicate_share)


def active_days(
    people: Population, latent: Latent, calendar: Calendar, story: Story, pace: Pace, rng
) -> tuple[np.ndarray, np.ndarray]:
    """Household index and day of every active household-day, ordered.

    Signup, return and the last day of presence are always active: leaving is seen on the day.
    """
    chance, _, _ = _chances(story, pace)
    n, weeks = latent.effort.shape
    offset = np.arange(7)
    there = (latent.first[:, :, None] <= offset) & (offset <= latent.last[:, :, None])
    there &= (latent.effort >= 0)[:, :, None]
    rate = np.r_[chance, 0.0].astype(np.float32)[latent.effort]
    weekday = np.where(offset >= 5, story.activity.weekend, 1.0).astype(np.float32)
    active = rng.random((n, weeks, 7), dtype=np.float32) < rate[:, :, None] * weekday
    active = (active & there).reshape(n, weeks * 7)
    forced = [(np.arange(n), people.start)]
    spells = latent.spells
    forced += [(spells["household"], spells[name]) for name in ("start", "left")]
    for row, day in forced:
        column = day + calendar.offset
        inside = (column >= 0) & (column < weeks * 7)
        active[row[inside], column[inside]] = True
    active[:, : calendar.offset] = False
    row, column = np.nonzero(active[:, : calendar.days + 1 + calendar.offset])
    return row, column - calendar.offset


def events_and_tasks(
    people: Population,
    latent: Latent,
    calendar: Calendar,
    story: Story,
    pace: Pace,
    block: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, dict]:
    """Events of a block (EVENT_ROW, ordered by received), and its tasks."""
    _, member_chance, extra = _chances(story, pace)
    house, day = active_days(people, latent, calendar, story, pace, rng)
    week = (day + calendar.offset) // 7
    effort = latent.effort[house, week].astype(np.int64)
    eligible = (people.member_from[house] <= day[:, None]) & (day[:, None] < people.member_to[house])
    eligible[:, 0] = True
    chance = people.member_weight[house] * member_chance[effort][:, None]
    took_part = eligible & (rng.random(eligible.shape, dtype=np.float32) < chance)
    took_part[~took_part.any(axis=1), 0] = True
    md, slot = np.nonzero(took_part)
    house_md, day_md, effort_md = house[md], day[md], effort[md]
    user_md = people.member_user[house_md, slot]
    plan_md = latent.plan[house_md, week[md]]
    count = 1 + rng.poisson(extra[effort_md] * people.pace[house_md])
    hour = (people.peak_hour[house_md, slot] + 2.4 * rng.standard_normal(len(md))) % 24
    begin_md = (hour * 3600).astype(np.int64)
    gap_md = 25 + (150 * rng.random(len(md))).astype(np.int64)
    second_md = np.where(rng.random(len(md)) < 0.28, (count + 1) // 2, 1_000)
    pause_md = 7_200 + (14_000 * rng.random(len(md))).astype(np.int64)

    row, position = repeat_ranks(count)
    total = len(row)
    u = rng.random((4, total), dtype=np.float32)
    again = position >= second_md[row]
    second = begin_md[row] + position * gap_md[row] + (20 * u[0]).astype(np.int64)
    second += np.where(again, pause_md[row], 0)
    latest = 86_390 - (count[row] - position)
    second = np.minimum(second, latest)
    earliest = np.where(day_md == people.start[house_md], people.start_second[house_md] + 90, 0)
    second = np.maximum(second, np.minimum(earliest[row] + position, 86_399))
    happened = calendar.us(day_md)[row] + second * SECOND_US
    happened += (u[1] * 999_000).astype(np.int64)

    opens = (position == 0) | (position == second_md[row])
    name = np.array(_TYPES)[choose(u[2], _TYPE_SHARES)]
    name = np.where(opens, np.where(u[2] < 0.30, EVENT["login"], EVENT["app_open"]), name)
    owner, plan = house_md[row], plan_md[row]
    name = np.where((name == EVENT["limit_hit"]) & (plan > FREE), EVENT["page_view"], name)
    weary = effort_md[row] >= 2
    quits = name == EVENT["cancellation_requested"]
    name = np.where(quits & ((plan == FREE) | ~weary), EVENT["page_view"], name)
    quits = (name == EVENT["cancellation_requested"]) & (u[3] < 0.3)
    name = np.where(quits, EVENT["downgrade_clicked"], name)

    adopted = _adoption(people, rng)
    feature = choose(u[3], _FEATURE_SHARES)
    premium = (feature >= FIRST_PREMIUM_FEATURE) & (feature <= ONBOARDING)
    usable = adopted[owner, feature] & (~premium | (plan > FREE))
    uses = name == EVENT["feature_used"]
    name = np.where(uses & ~usable, EVENT["page_view"], name)
    photo = name == EVENT["photo_upload"]
    taken = np.cumsum(photo)
    first_of_house = np.searchsorted(owner, np.arange(len(people)))
    before = np.where(first_of_house > 0, taken[np.maximum(first_of_house - 1, 0)], 0)
    full = photo & (plan == FREE) & (taken - before[owner] > PHOTO_LIMIT)
    name = np.where(full, np.where(u[3] < 0.15, EVENT["limit_hit"], EVENT["app_open"]), name)
    limit = name == EVENT["limit_hit"]
    feature = np.where(name == EVENT["feature_used"], feature, -1)
    feature = np.where(limit, np.where(full | (u[3] < 0.5), PHOTOS, 0), feature)
    page = np.where(name == EVENT["page_view"], choose(u[3], _PAGE_SHARES), -1)
    paid_page = (page >= PAGE["analytics"]) & ((plan == FREE) | ~adopted[owner, 5])
    page = np.where(paid_page, PAGE["home"], page)

    about_pet = (name == EVENT["task_completion"]) | (name == EVENT["photo_upload"])
    about_pet |= page == PAGE["pets"]
    pet_slot = np.minimum(u[0] * people.pets0[owner], people.pets0[owner] - 1).astype(np.int64)
    gone = people.pet_to[owner, pet_slot] <= day_md[row]
    pet = np.where(gone, 0, pet_slot) + people.number[owner] * 10
    pet = np.where(about_pet & (u[1] < 0.97), pet, -1)

    base = block * LOCAL_EVENTS
    done = np.flatnonzero(name == EVENT["task_completion"])
    task = np.full(total, -1)
    task[done] = base + np.arange(len(done))
    rows = np.zeros(total, dtype=EVENT_ROW)
    rows["occurred"] = happened
    rows["household"] = people.number[owner]
    rows["user"] = user_md[row]
    rows["pet"], rows["task"] = pet, task
    rows["name"], rows["feature"], rows["page"] = name, feature, page
    special = _special(people, latent, calendar, house, day, rng)
    stray = _stray(people, rows, calendar, rng)
    rows = np.concatenate([rows, special, stray])
    rows["number"] = base + np.arange(len(rows))
    rows = _receive(rows, calendar, story, rng)

    tasks = _tasks(
        people,
        latent,
        calendar,
        story,
        base,
        (house, day, effort),
        rng,
        done={
            "happened": happened[done],
            "house": owner[done],
            "user": user_md[row[done]],
            "pet": pet[done],
            "effort": effort_md[row[done]],
            "u": u[1:, done],
        },
    )
    return rows, tasks


def _adoption(people: Population, rng) -> np.ndarray:
    """Which features a household has taken up, shape (n, 10); better fit adopts more."""
    chance = np.array([0.75, 0.72, 0.30, 0.60, 0.55, 0.45, 0.40, 0.45, 0.60, 0.10])
    chance = np.clip(chance + 0.09 * people.fit[:, None], 0.03, 0.97)
    return rng.random(chance.shape) < chance


def _special(people, latent, calendar, house, day, rng) -> np.ndarray:
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


def _stray(people: Population, rows: np.ndarray, calendar: Calendar, rng) -> np.ndarray:
    """Events of people who have left, and of people who never were members."""
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


def _receive(rows: np.ndarray, calendar: Calendar, story: Story, rng) -> np.ndarray:
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


def _tasks(people, latent, calendar, story, base, days, rng, done) -> dict:
    """Completed tasks (one per completion event) and those that were never done."""
    a = story.activity
    count = len(done["happened"])
    u = rng.random((3, count), dtype=np.float32)
    on_time = done["u"][0] < np.array(a.on_time)[done["effort"]]
    early = (300 + 70_000 * done["u"][1].astype(float) ** 2) * SECOND_US
    late = (600 + 140_000 * done["u"][1].astype(float) ** 2) * SECOND_US
    due = done["happened"] + np.where(on_time, early, -late).astype(np.int64)
    signup = calendar.us(people.start) + people.start_second * SECOND_US
    created = np.minimum(due, done["happened"]) - ((0.05 + 4 * u[0]) * DAY_US).astype(np.int64)
    created = np.maximum(created, signup[done["house"]] + 30 * SECOND_US)
    created = np.minimum(created, done["happened"] - 10 * SECOND_US)
    due = np.maximum(due, created + 5 * SECOND_US)

    house, day, effort = days
    miss = rng.poisson(np.array(a.missed_per_day)[effort])
    row, _ = repeat_ranks(miss)
    spells = latent.spells
    left_house, _ = repeat_ranks(np.full(len(spells["left"]), 6))
    left_day = spells["left"][left_house] + 1 + (20 * rng.random(len(left_house))).astype(int)
    missed_house = np.concatenate([house[row], spells["household"][left_house]])
    missed_day = np.concatenate([day[row], left_day])
    abandoned = np.arange(len(missed_day)) >= len(row)
    v = rng.random((5, len(missed_day)))
    m_due = calendar.us(missed_day) + (v[0] * DAY_US).astype(np.int64)
    m_signup = signup[missed_house] + 20 * SECOND_US
    back = np.where(abandoned, 21, 1 + 3 * v[1])
    m_created = np.maximum(m_due - (back * DAY_US).astype(np.int64), m_signup)
    m_due = np.maximum(m_due, m_created + 60 * SECOND_US)
    deleted = np.where(v[2] < 0.12, m_due + (3 * v[3] * DAY_US).astype(np.int64), NAT)
    m_pet_slot = (v[4] * people.pets0[missed_house]).astype(int)

    limit = calendar.export
    all_house = np.concatenate([done["house"], missed_house])
    all_created = np.concatenate([created, m_created])
    completed = np.concatenate([done["happened"], np.full(len(missed_day), NAT)])
    completed = until(completed, limit)
    none = np.full(len(missed_day), -1)
    user = np.where(completed == NAT, -1, np.concatenate([done["user"], none]))
    gone = until(np.concatenate([np.full(count, NAT), deleted]), limit)
    recurring = np.concatenate([u[1] < 0.55, v[3] < 0.4])
    category = choose(np.concatenate([u[2], v[1]]), _CATEGORY_SHARES)
    pet = np.concatenate([done["pet"], people.number[missed_house] * 10 + m_pet_slot])
    number = base + np.arange(len(all_house))
    keep = all_created <= limit
    seen = np.maximum(np.maximum(all_created, completed), gone)
    columns = {
        "id": ids("tsk", number[keep]),
        "household_id": ids("hh", people.number[all_house][keep]),
        "pet_id": ids("pet", pet[keep]),
        "category": pick(CATEGORIES, category[keep]),
        "is_recurring": pa.array(recurring[keep]),
        "created_at": times(all_created[keep]),
        "due_at": times(np.concatenate([due, m_due])[keep]),
        "completed_at": times(completed[keep]),
        "completed_by": ids("usr", user[keep]),
        "deleted_at": times(gone[keep]),
    }
    return {"columns": columns, "seen": seen[keep]}
