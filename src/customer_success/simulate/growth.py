"""What customer success keeps beside the CRM: overrides, reviews, advocates, receipts, success plans.

Each table has a generator of its own, so that a change of one leaves all others as they are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from . import referrals
from .clock import DAY_US, HOUR_US, SECOND_US, Calendar
from .columns import LOCAL, choose, ids, join, pick, repeat_ranks, times
from .latent import ENTERPRISE, FREE, Latent
from .population import Population

_STREAM = 2_000  # beside the streams of a block's own parts and those of its landing
STAGES = ("at_risk", "growing", "onboarding", "expanding", "renewing")
_REASONS = ("csm_judgement", "executive_escalation", "data_correction")
PLATFORMS = ("app_store", "google_play", "trustpilot")
ACTIVITIES = ("webinar", "case_study", "testimonial", "podcast")  # a podcast is in no seed of points
_STAR_MEAN = np.array([4.7, 4.2, 3.0, 1.6])  # by effort
_METRICS = ("tasks_30", "active_members_30", "nps", "health_score", "minutes_saved")
_TARGETS = np.array([40.0, 3.0, 9.0, 75.0, 120.0])


def tables(
    people: Population, latent: Latent, calendar: Calendar, block: int, raw: dict, seed: int
) -> tuple[dict[str, dict], dict[str, pa.Table]]:
    """Return the tables of a block and truths about them; ``raw`` are its tables so far.

    The addresses of a few users in ``raw`` change: of owners who referred themselves.
    """
    seeds = np.random.SeedSequence(seed, spawn_key=(block, _STREAM)).spawn(6)
    streams = [np.random.default_rng(one) for one in seeds]
    created = calendar.us(people.start) + people.start_second * SECOND_US
    out = referrals.tables(people, latent, calendar, block, created, streams[0])
    truths = out.pop("truth")
    users = raw["app.users"]["columns"]
    users["email"] = referrals.same_address(users, people, truths["referrals"])
    weeks = _Weeks(people, latent, calendar, created)
    out["cs.lifecycle_overrides"] = _overrides(weeks, block, streams[1])
    out |= _reviews(weeks, block, streams[2])
    out["cs.advocacy_activities"] = _activities(weeks, block, streams[3])
    out["cs.deliveries"] = _deliveries(weeks, block, out["cs.review_requests"]["columns"], raw, streams[4])
    out |= _plans(weeks, block, streams[5])
    return out, truths


class _Weeks:
    """Household and week of all weeks in which one is present, and what it is like in them."""

    def __init__(self, people: Population, latent: Latent, calendar: Calendar, created: np.ndarray) -> None:
        self.people, self.latent, self.calendar = people, latent, calendar
        self.row, self.week = np.nonzero(latent.alive & (created <= calendar.export)[:, None])
        self.effort = latent.effort[self.row, self.week].astype(int)
        self.plan = latent.plan[self.row, self.week]
        self.age = 7 * self.week - calendar.offset - people.start[self.row]

    def draw(self, rng: np.random.Generator, chance) -> tuple[np.ndarray, np.ndarray]:
        """Return positions at which something happens, by a chance per week, and its moment."""
        u = rng.random((2, len(self.row)))
        monday = self.calendar.us(7 * self.week - self.calendar.offset)
        when = monday + (u[1] * 4.9 * 86_400).astype(np.int64) * SECOND_US
        at = np.flatnonzero((u[0] < chance) & (self.age > 1) & (when <= self.calendar.export))
        return at, when[at]

    def homes(self, at: np.ndarray) -> pa.Array:
        """Return the ids of the households at these positions."""
        return ids("hh", self.people.number[self.row[at]])


def _overrides(weeks: _Weeks, block: int, rng) -> dict:
    """Stages that managers of business accounts set by hand."""
    at, when = weeks.draw(rng, np.where(weeks.people.business[weeks.row], 0.006, 0.0002))
    u = rng.random((2, len(at)))
    columns = {
        "id": ids("ovr", block * LOCAL + np.arange(len(at))),
        "household_id": weeks.homes(at),
        "stage": pick(STAGES, choose(u[0], (0.5, 0.2, 0.1, 0.1, 0.1))),
        "set_at": times(when),
        "reason_code": pick(_REASONS, choose(u[1], (0.6, 0.3, 0.1))),
    }
    return {"columns": columns, "seen": when}


def _reviews(weeks: _Weeks, block: int, rng) -> dict[str, dict]:
    """Everybody is asked, whatever the mood; a review needs no request, and some of them are of one star."""
    at, when = weeks.draw(rng, np.where(weeks.age > 45, 0.006, 0.0))
    u = rng.random((3, len(at)))
    platform = choose(u[0], (0.4, 0.4, 0.2))
    answers = u[1] < np.array([0.40, 0.28, 0.14, 0.12])[weeks.effort[at]]
    answered = when + ((0.1 + 12 * u[2]) * 86_400).astype(np.int64) * SECOND_US
    alone, moment = weeks.draw(rng, np.where(weeks.effort == 3, 0.002, 0.0005))
    own = choose(rng.random(len(alone)), (0.4, 0.4, 0.2))
    written = np.r_[at[answers], alone]
    submitted = np.r_[answered[answers], moment]
    star = _STAR_MEAN[weeks.effort[written]] + 0.8 * rng.standard_normal(len(written))
    keep = submitted <= weeks.calendar.export
    asked = {
        "id": ids("rrq", block * LOCAL + np.arange(len(at))),
        "household_id": weeks.homes(at),
        "platform": pick(PLATFORMS, platform),
        "requested_at": times(when),
    }
    review = {
        "id": ids("rev", block * LOCAL + np.arange(len(written))).filter(pa.array(keep)),
        "household_id": weeks.homes(written[keep]),
        "platform": pick(PLATFORMS, np.r_[platform[answers], own][keep]),
        "rating": pa.array(np.clip(np.rint(star), 1, 5)[keep]),
        "submitted_at": times(submitted[keep]),
    }
    return {
        "cs.review_requests": {"columns": asked, "seen": when},
        "cs.reviews": {"columns": review, "seen": submitted[keep]},
    }


def _activities(weeks: _Weeks, block: int, rng) -> dict:
    """What engaged households of some age do for the company."""
    at, when = weeks.draw(rng, np.where((weeks.effort == 0) & (weeks.age > 150), 0.010, 0.0))
    kind = choose(rng.random(len(at)), (0.5, 0.22, 0.25, 0.03))
    columns = {
        "id": ids("adv", block * LOCAL + np.arange(len(at))),
        "household_id": weeks.homes(at),
        "activity": pick(ACTIVITIES, kind),
        "completed_at": times(when),
    }
    return {"columns": columns, "seen": when}


def _deliveries(weeks: _Weeks, block: int, requests: dict, raw: dict, rng) -> dict:
    """Receipts of messages by playbook, of the requests of reviews, and of people who called detractors."""
    free = (weeks.plan == FREE) & (weeks.age > 30)
    calm = (weeks.effort == 0) & (weeks.age > 90)
    parts = []
    for playbook, chance in (
        ("upsell", np.where(free, 0.03, 0.0)),
        ("cross_sell", np.where(weeks.age > 60, 0.004, 0.0)),
        ("advocacy_invite", np.where(calm, 0.003, 0.0)),
        ("referral_invite", np.where(calm, 0.005, 0.0)),
        ("reengagement", np.where(weeks.effort >= 2, 0.05, 0.0)),
    ):
        at, when = weeks.draw(rng, chance)
        parts.append((weeks.homes(at).to_pylist(), when, playbook, False))
    asked = np.array(requests["requested_at"].cast(pa.int64()))
    parts.append((requests["household_id"].to_pylist(), asked, "review_request", False))
    parts.append((*_called(raw["survey.response"]["columns"], weeks.calendar, rng), "detractor", True))
    homes = [home for part in parts for home in part[0]]
    when = np.concatenate([part[1] for part in parts])
    playbooks = [part[2] for part in parts for _ in part[0]]
    person = np.concatenate([np.full(len(part[0]), part[3]) for part in parts])
    team = rng.random(len(homes)) < 0.01  # a step that concerns no household: to a team
    homes = [None if one else home for one, home in zip(team, homes, strict=True)]
    playbooks = ["escalation_to_product" if t else name for t, name in zip(team, playbooks, strict=True)]
    person &= ~team
    status = np.where(person, 4, choose(rng.random(len(homes)), (0.05, 0.25, 0.66, 0.04)))
    number = block * LOCAL + np.arange(len(homes))
    columns = {
        "message_key": ids("key", number),
        "enrollment_id": ids("enr", number),
        "household_id": pa.array(homes, pa.string()),
        "playbook": pa.array(playbooks, pa.string()),
        "step": pick(("message", "call"), person.astype(int)),
        "survey_type": pa.array([None] * len(homes), pa.string()),
        "channel": pick(("email", "call"), person.astype(int)),
        "status": pick(("claimed", "sent", "delivered", "failed", "done"), status),
        "is_person": pa.array(person),
        "occurred_at": times(when),
        "attempt": pa.array(np.ones(len(homes), dtype=np.int64)),
        "receiver_id": pa.array([None] * len(homes), pa.string()),
        "actor": pick(("deliver", "csm"), person.astype(int)),
    }
    return {"columns": columns, "seen": when}


def _called(answers: dict, calendar: Calendar, rng) -> tuple[list, np.ndarray]:
    """Return household and moment of calls to some of those who gave an NPS of 0 to 6."""
    rows = pa.table(answers).to_pandas()
    angry = rows[(rows["survey_type"] == "NPS") & (rows["score"] <= 6)]
    u = rng.random((2, len(angry)))
    at = angry["responded_at"].to_numpy().astype("datetime64[us]").astype(np.int64)
    when = at // SECOND_US * SECOND_US + ((1 + 60 * u[1]) * 3_600).astype(np.int64) * SECOND_US
    chosen = (u[0] < 0.35) & (when <= calendar.export)
    return angry["household_id"][chosen].tolist(), when[chosen]


def _plans(weeks: _Weeks, block: int, rng) -> dict[str, dict]:
    """Success plans of Enterprise accounts with one to three criteria; some measure what nobody measures."""
    people, calendar = weeks.people, weeks.calendar
    row = np.unique(weeks.row[(weeks.plan == ENTERPRISE) & (weeks.age > 30)])
    u = rng.random((4, len(row)))
    when = calendar.us(people.start[row] + 40) + (u[0] * 60 * 86_400).astype(np.int64) * SECOND_US
    keep = (when <= calendar.export) & (u[1] < 0.8)
    row, when, u = row[keep], when[keep], u[:, keep]
    plan = {
        "id": ids("plan", people.number[row]),
        "household_id": ids("hh", people.number[row]),
        "status": pick(("active", "draft", "completed"), choose(u[2], (0.8, 0.1, 0.1))),
        "created_at": times(when),
        "review_cadence": pick(("quarterly", "monthly", "biweekly"), choose(u[3], (0.6, 0.3, 0.1))),
        "updated_at": times(when),
    }
    owner, place = repeat_ranks(1 + (3 * rng.random(len(row))).astype(int))
    metric = (len(_METRICS) * rng.random(len(owner))).astype(int)
    share = 0.3 + 0.4 * rng.random(len(owner))
    begun = when[owner] + HOUR_US
    deadline = (begun // DAY_US + 120 + (120 * rng.random(len(owner))).astype(np.int64)).astype(np.int32)
    criterion = {
        "id": ids("crit", people.number[row][owner] * 10 + place),
        "plan_id": ids("plan", people.number[row][owner]),
        "name": join("Goal ", pa.array(place + 1).cast(pa.string())),
        "metric": pick(_METRICS, metric),
        "baseline": pa.array(np.round(_TARGETS[metric] * share, 1)),
        "target": pa.array(_TARGETS[metric]),
        "deadline": pa.array(deadline).cast(pa.date32()),
        "created_at": times(np.minimum(begun, calendar.export)),
    }
    return {
        "cs.success_plans": {"columns": plan, "seen": when},
        "cs.success_criteria": {"columns": criterion, "seen": np.minimum(begun, calendar.export)},
    }
