"""Stripe: catalogue, customers, subscriptions with their versions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import INTERVAL_COUNTS, INTERVALS, NAT, NEVER, SECOND_US, Calendar
from .columns import ids, integers, join, pick, ranks, repeat_ranks, times
from .latent import (
    LOG_BUY,
    LOG_CANCELLED,
    LOG_CONVERT,
    LOG_RESUME,
    LOG_SCHEDULE,
    LOG_TRIAL,
    LOG_TRIAL_ENDS,
    PREMIUM,
    Latent,
)
from .parameters import Story
from .payments import CENTS, PAID_PERIODS, RENEWAL, money
from .population import Population

_STATUS = np.array([0, 1, 1, 1, 1, 1, 3, 4, 3, 2, 1, 5, 1, 1])
STATUSES = ("trialing", "active", "past_due", "canceled", "unpaid", "paused")
SECOND_SUBSCRIPTION = 90  # its number within the household


def catalogue(calendar: Calendar) -> dict[str, dict]:
    """Products and prices; unused prices are listed too, as in real data."""
    plan, interval = np.nonzero(CENTS)
    begin = np.full(len(plan), int(calendar.us(np.int64(0))))
    return {
        "stripe.product": {
            "columns": {
                "id": ids("prod", np.array([1, 2])),
                "name": pa.array(["Premium", "Enterprise"]),
            },
            "seen": begin[:2],
        },
        "stripe.price": {
            "columns": {
                "id": ids("price", plan * 10 + interval),
                "product_id": ids("prod", plan),
                "currency": pick(["usd"], np.zeros(len(plan))),
                "unit_amount": integers(CENTS[plan, interval]),
                "recurring_interval": pick(INTERVALS, interval),
                "recurring_interval_count": integers(np.array(INTERVAL_COUNTS)[interval]),
            },
            "seen": begin,
        },
    }


def _second_subscriptions(log: dict, rng) -> dict[str, np.ndarray]:
    """A few households pay for two subscriptions at once for a while."""
    start = np.isin(log["kind"], (LOG_BUY, LOG_CONVERT))
    following = np.r_[log["household"][1:] == log["household"][:-1], False]
    ends = np.where(following, np.r_[log["day"][1:], 0], NEVER)
    lucky = start & (rng.random(len(start)) < 0.02) & (ends > log["day"] + 30)
    rows = np.flatnonzero(lucky & (ranks(log["household"]) <= 1))
    rows = rows[np.r_[True, log["household"][rows][1:] != log["household"][rows][:-1]][: len(rows)]]
    first = {name: column[rows] for name, column in log.items()}
    first |= {
        "day": first["day"] + 20,
        "anchor": first["day"] + 20,
        "kind": np.full(len(rows), LOG_BUY),
        "plan": np.full(len(rows), PREMIUM),
        "interval": np.zeros(len(rows), int),
        "seats": np.ones(len(rows), int),
    }
    last = first | {
        "day": np.minimum(first["day"] + 60, ends[rows]),
        "kind": np.full(len(rows), LOG_CANCELLED),
    }
    return {name: np.concatenate([first[name], last[name]]) for name in log}


def _renewals(log: dict, calendar: Calendar) -> dict[str, np.ndarray]:
    """Quiet renewals between the changes of the log, as further rows."""
    same = np.r_[log["sub"][1:] == log["sub"][:-1], False]
    until_day = np.where(same, np.r_[log["day"][1:], 0], NEVER)
    until_day = np.minimum(until_day, calendar.days + 1)
    runs = np.flatnonzero(_STATUS[log["kind"]] == 1)
    interval = log["interval"][runs]
    at = calendar.next_renewal(log["anchor"][runs], interval, log["day"][runs])
    parts = []
    for fixed, length in ((2, 7), (3, 1)):
        mine = interval == fixed
        count = np.maximum((until_day[runs[mine]] - 1 - at[mine]) // length + 1, 0)
        row, k = repeat_ranks(count)
        parts.append((runs[mine][row], at[mine][row] + k * length))
    by_month = (interval != 2) & (interval != 3) & (at < until_day[runs])
    runs, at = runs[by_month], at[by_month]
    while len(runs):
        parts.append((runs, at))
        at = calendar.next_renewal(log["anchor"][runs], log["interval"][runs], at)
        more = at < until_day[runs]
        runs, at = runs[more], at[more]
    row = np.concatenate([p[0] for p in parts])
    extra = {name: column[row] for name, column in log.items()}
    return extra | {
        "day": np.concatenate([p[1] for p in parts]),
        "kind": np.full(len(row), RENEWAL),
    }


def _versions(people: Population, latent: Latent, calendar: Calendar, rng) -> dict:
    """All versions of all subscriptions, ordered by subscription and time, cut at the export.

    ``next_time`` is the time of the next version, NAT for the last one.
    """
    log = dict(latent.log)
    starts = np.isin(log["kind"], (LOG_TRIAL, LOG_BUY))
    count = np.cumsum(starts)
    house = log["household"]
    before = np.r_[0, count][np.searchsorted(house, np.arange(len(people)))]
    extra = _second_subscriptions(log, rng)
    log["sub"] = people.number[house] * 100 + count - before[house]
    extra["sub"] = people.number[extra["household"]] * 100 + SECOND_SUBSCRIPTION
    log = {name: np.concatenate([log[name], extra[name]]) for name in log}
    order = np.lexsort((log["day"], log["sub"]))
    log = {name: column[order] for name, column in log.items()}
    renewals = _renewals(log, calendar)
    log = {name: np.concatenate([log[name], renewals[name]]) for name in log}
    order = np.lexsort((log["day"], log["sub"]))
    log = {name: column[order] for name, column in log.items()}
    rank = ranks(log["sub"] * NEVER + log["day"])
    second = people.start_second[log["household"]] + 120 + 60 * rank
    log["time"] = calendar.us(log["day"]) + second * SECOND_US
    keep = log["time"] <= calendar.export
    log = {name: column[keep] for name, column in log.items()}
    same = np.r_[log["sub"][1:] == log["sub"][:-1], False][: len(log["sub"])]
    return log | {"next_time": np.where(same, np.r_[log["time"][1:], 0][: len(same)], NAT)}


def _fill(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Carry known values forward (the first row of each subscription is known)."""
    return values[np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))]


def tables(
    people: Population, latent: Latent, calendar: Calendar, story: Story, block: int, rng
) -> dict[str, dict]:
    """The Stripe tables of a block."""
    versions = _versions(people, latent, calendar, rng)
    begin, finish, table = _version_table(versions, people, calendar, story)
    out = {
        "stripe.subscription_history": table,
        "stripe.customer": _customer_table(versions, people, calendar),
    }
    return out | money(versions, begin, finish, people, calendar, block, rng)


def _version_table(
    v: dict[str, np.ndarray], people: Population, calendar: Calendar, story: Story
) -> tuple[np.ndarray, np.ndarray, dict]:
    """Return begin and end of the billing period of each version, and the table of versions."""
    n = len(v["sub"])
    house, sub, kind, time = v["household"], v["sub"], v["kind"], v["time"]
    first = np.r_[True, sub[1:] != sub[:-1]][:n]
    boundary = np.isin(kind, (*PAID_PERIODS, LOG_TRIAL, LOG_RESUME))
    ahead = calendar.next_renewal(v["anchor"], v["interval"], v["day"])
    ahead = np.where(kind == LOG_TRIAL, v["day"] + story.plans.trial_days, ahead)
    begin = _fill(time, boundary | first)
    clock = (people.start_second[house] + 120) * SECOND_US
    finish = _fill(calendar.us(ahead) + clock, boundary | first)
    scheduled, after_schedule, cancelled = _cancellations(kind, time, first)
    ended = np.where(np.isin(kind, (LOG_CANCELLED, LOG_TRIAL_ENDS)), time, NAT)
    trial = _fill(kind == LOG_TRIAL, first)
    last = v["next_time"] == NAT
    columns = {
        "id": ids("sub", sub),
        "customer_id": ids("cus", people.number[house]),
        "price_id": ids("price", v["plan"] * 10 + v["interval"]),
        "quantity": integers(v["seats"]),
        "status": pick(STATUSES, _STATUS[kind]),
        "current_period_start": times(begin),
        "current_period_end": times(finish),
        "cancel_at_period_end": pa.array(scheduled | after_schedule),
        "canceled_at": times(cancelled),
        "ended_at": times(ended),
        "trial_start": times(np.where(trial, _fill(time, first), NAT)),
        "trial_end": times(np.where(trial, _fill(finish, first), NAT)),
        "_fivetran_start": times(time),
        "_fivetran_end": times(np.where(last, NAT, v["next_time"] - 1_000)),
        "_fivetran_active": pa.array(last),
    }
    return begin, finish, {"columns": columns, "seen": time}


def _cancellations(
    kind: np.ndarray, time: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which versions schedule an end, which follow such a one, and when each was cancelled."""
    n = len(kind)
    scheduled = kind == LOG_SCHEDULE
    resets = first | np.isin(kind, (LOG_BUY, LOG_CONVERT, LOG_CANCELLED, LOG_TRIAL_ENDS, LOG_SCHEDULE))
    cancelled = np.where(np.isin(kind, (LOG_CANCELLED, LOG_TRIAL_ENDS, LOG_SCHEDULE)), time, NAT)
    after_schedule = (kind == LOG_CANCELLED) & ~first & np.r_[False, scheduled[:-1]][:n]
    cancelled = np.where(after_schedule, np.r_[NAT, time[:-1]][:n], cancelled)
    return scheduled, after_schedule, _fill(cancelled, resets)


def _customer_table(v: dict[str, np.ndarray], people: Population, calendar: Calendar) -> dict:
    ever = np.unique(v["household"])
    joined = calendar.us(people.start[ever]) + people.start_second[ever] * SECOND_US
    household = ids("hh", people.number[ever])
    return {
        "columns": {
            "id": ids("cus", people.number[ever]),
            "email": join(ids("usr", people.member_user[ever, 0]), "@example.org"),
            "name": join("Household ", integers(people.number[ever]).cast(pa.string())),
            "created": times(joined),
            "metadata": join('{"household_id": "', household, '"}'),
        },
        "seen": joined,
    }
