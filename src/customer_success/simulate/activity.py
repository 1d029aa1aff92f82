"""Product events of members, day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .arrivals import receive, special, stray
from .clock import SECOND_US, Calendar
from .columns import LOCAL_EVENTS, choose, repeat_ranks
from .latent import FREE, Latent
from .parameters import Story
from .population import Population
from .schema import EVENT, EVENT_ROW, FIRST_PREMIUM_FEATURE, ONBOARDING, PAGE, PHOTOS
from .tasks import Done, task_table

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


@dataclass
class MemberDays:
    """Days on which a member takes part, one row each: the member, and the times of the events.

    Seconds of the day; from event ``second`` on the member is back after ``pause``.
    """

    house: np.ndarray  # index in the block
    day: np.ndarray
    effort: np.ndarray
    user: np.ndarray
    plan: np.ndarray
    count: np.ndarray  # events
    begin: np.ndarray
    gap: np.ndarray
    second: np.ndarray
    pause: np.ndarray


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
    house, day = active_days(people, latent, calendar, story, pace, rng)
    effort = latent.effort[house, (day + calendar.offset) // 7].astype(np.int64)
    visits = _member_days(people, latent, calendar, _chances(story, pace), (house, day, effort), rng)
    row, position = repeat_ranks(visits.count)
    u = rng.random((4, len(row)), dtype=np.float32)
    base = block * LOCAL_EVENTS
    rows = np.zeros(len(row), dtype=EVENT_ROW)
    rows["occurred"] = _moments(people, calendar, visits, row, position, u)
    rows["household"] = people.number[visits.house[row]]
    rows["user"] = visits.user[row]
    name = _names(visits, row, position, u)
    rows["name"], rows["feature"], rows["page"] = _features(people, visits, row, name, u, rng)
    rows["pet"] = _pets(people, visits, row, rows, u)
    done = np.flatnonzero(rows["name"] == EVENT["task_completion"])
    rows["task"] = -1
    rows["task"][done] = base + np.arange(len(done))
    completions = Done(
        rows["occurred"][done],
        visits.house[row[done]],
        visits.user[row[done]],
        rows["pet"][done].astype(np.int64),
        visits.effort[row[done]],
        u[1:3, done],
    )
    special_events = special(people, latent, calendar, house, day, rng)
    rows = np.concatenate([rows, special_events, stray(people, rows, calendar, rng)])
    rows["number"] = base + np.arange(len(rows))
    rows = receive(rows, calendar, story, rng)
    days = (house, day, effort)
    return rows, task_table(people, latent, calendar, story, base, days, completions, rng)


def _member_days(people, latent, calendar, chances, days, rng) -> MemberDays:
    """Draw which members take part on the active days of their household, and how their day goes."""
    house, day, effort = days
    _, member_chance, extra = chances
    eligible = (people.member_from[house] <= day[:, None]) & (day[:, None] < people.member_to[house])
    eligible[:, 0] = True
    chance = people.member_weight[house] * member_chance[effort][:, None]
    took_part = eligible & (rng.random(eligible.shape, dtype=np.float32) < chance)
    took_part[~took_part.any(axis=1), 0] = True
    at, slot = np.nonzero(took_part)
    house, day, effort = house[at], day[at], effort[at]
    count = 1 + rng.poisson(extra[effort] * people.pace[house])
    hour = (people.peak_hour[house, slot] + 2.4 * rng.standard_normal(len(at))) % 24
    return MemberDays(
        house=house,
        day=day,
        effort=effort,
        user=people.member_user[house, slot],
        plan=latent.plan[house, (day + calendar.offset) // 7],
        count=count,
        begin=(hour * 3600).astype(np.int64),
        gap=25 + (150 * rng.random(len(at))).astype(np.int64),
        second=np.where(rng.random(len(at)) < 0.28, (count + 1) // 2, 1_000),
        pause=7_200 + (14_000 * rng.random(len(at))).astype(np.int64),
    )


def _moments(people, calendar, visits: MemberDays, row, position, u) -> np.ndarray:
    """Return the moment of each event, within the day and after the signup."""
    second = visits.begin[row] + position * visits.gap[row] + (20 * u[0]).astype(np.int64)
    second += np.where(position >= visits.second[row], visits.pause[row], 0)
    second = np.minimum(second, 86_390 - (visits.count[row] - position))
    signup = visits.day == people.start[visits.house]
    earliest = np.where(signup, people.start_second[visits.house] + 90, 0)
    second = np.maximum(second, np.minimum(earliest[row] + position, 86_399))
    happened = calendar.us(visits.day)[row] + second * SECOND_US
    return happened + (u[1] * 999_000).astype(np.int64)


def _names(visits: MemberDays, row, position, u) -> np.ndarray:
    """Name each event; one that the plan or the mood excludes becomes a page view."""
    opens = (position == 0) | (position == visits.second[row])
    name = np.array(_TYPES)[choose(u[2], _TYPE_SHARES)]
    name = np.where(opens, np.where(u[2] < 0.30, EVENT["login"], EVENT["app_open"]), name)
    plan, weary = visits.plan[row], visits.effort[row] >= 2
    name = np.where((name == EVENT["limit_hit"]) & (plan > FREE), EVENT["page_view"], name)
    quits = name == EVENT["cancellation_requested"]
    name = np.where(quits & ((plan == FREE) | ~weary), EVENT["page_view"], name)
    quits = (name == EVENT["cancellation_requested"]) & (u[3] < 0.3)
    return np.where(quits, EVENT["downgrade_clicked"], name)


def _features(people, visits: MemberDays, row, name, u, rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return name, feature and page of each event; -1 where it has none.

    Features need to be adopted and part of the plan. Free households hit the limit of photos.
    """
    owner, plan = visits.house[row], visits.plan[row]
    adopted = _adoption(people, rng)
    feature = choose(u[3], _FEATURE_SHARES)
    premium = (feature >= FIRST_PREMIUM_FEATURE) & (feature <= ONBOARDING)
    usable = adopted[owner, feature] & (~premium | (plan > FREE))
    name = np.where((name == EVENT["feature_used"]) & ~usable, EVENT["page_view"], name)
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
    return name, feature, np.where(paid_page, PAGE["home"], page)


def _pets(people, visits: MemberDays, row, rows, u) -> np.ndarray:
    """Return the pet that each event is about; -1 where it is about none."""
    owner = visits.house[row]
    about_pet = (rows["name"] == EVENT["task_completion"]) | (rows["name"] == EVENT["photo_upload"])
    about_pet |= rows["page"] == PAGE["pets"]
    slot = np.minimum(u[0] * people.pets0[owner], people.pets0[owner] - 1).astype(np.int64)
    gone = people.pet_to[owner, slot] <= visits.day[row]
    pet = np.where(gone, 0, slot) + people.number[owner] * 10
    return np.where(about_pet & (u[1] < 0.97), pet, -1)


def _adoption(people: Population, rng) -> np.ndarray:
    """Which features a household has adopted, shape (n, 10); better fit adopts more."""
    chance = np.array([0.75, 0.72, 0.30, 0.60, 0.55, 0.45, 0.40, 0.45, 0.60, 0.10])
    chance = np.clip(chance + 0.09 * people.fit[:, None], 0.03, 0.97)
    return rng.random(chance.shape) < chance
