"""Stripe: catalogue, subscriptions with their versions, invoices, charges and refunds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import (
    DAY_US,
    HOUR_US,
    INTERVAL_COUNTS,
    INTERVALS,
    NAT,
    NEVER,
    SECOND_US,
    Calendar,
)
from .columns import LOCAL, ids, integers, join, pick, ranks, repeat_ranks, times
from .latent import (
    LOG_BUY,
    LOG_CANCELLED,
    LOG_CHANGE,
    LOG_CONVERT,
    LOG_PAST_DUE,
    LOG_RECOVERED,
    LOG_RESUME,
    LOG_SCHEDULE,
    LOG_TRIAL,
    LOG_TRIAL_ENDS,
    LOG_UNPAID,
    PREMIUM,
    Latent,
)
from .parameters import Story
from .population import Population

CENTS = np.array(  # plan x interval (month, year, week, day, quarter)
    [[0, 0, 0, 0, 0], [999, 9900, 299, 49, 2799], [600, 6000, 0, 0, 0]]
)
_RENEWAL = 13  # continues the kinds of the log
_STATUS = np.array([0, 1, 1, 1, 1, 1, 3, 4, 3, 2, 1, 5, 1, 1])
STATUSES = ("trialing", "active", "past_due", "canceled", "unpaid", "paused")
_PAID_PERIODS = (LOG_CONVERT, LOG_BUY, LOG_CHANGE, LOG_PAST_DUE, _RENEWAL)
_ENDS = (LOG_CANCELLED, LOG_UNPAID, LOG_TRIAL_ENDS)
_FAILURES = ("card_declined", "insufficient_funds", "expired_card")
SECOND_SUBSCRIPTION = 90  # its number within the household


def catalogue(calendar: Calendar) -> dict[str, dict]:
    """Products and prices; prices that nobody uses are listed too, as in real life."""
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
        "kind": np.full(len(row), _RENEWAL),
    }


def _versions(people: Population, latent: Latent, calendar: Calendar, rng) -> dict:
    """All versions of all subscriptions, ordered by subscription and time, cut at the export."""
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
    return {name: column[keep] for name, column in log.items()}


def _fill(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Carry known values forward (the first row of each subscription is known)."""
    return values[np.maximum.accumulate(np.where(known, np.arange(len(values)), 0))]


def tables(
    people: Population, latent: Latent, calendar: Calendar, story: Story, block: int, rng
) -> dict[str, dict]:
    """The Stripe tables of a block."""
    v = _versions(people, latent, calendar, rng)
    n = len(v["sub"])
    house, sub, kind, time = v["household"], v["sub"], v["kind"], v["time"]
    first = np.r_[True, sub[1:] != sub[:-1]][:n]
    same = np.r_[sub[1:] == sub[:-1], False][:n]
    next_time = np.where(same, np.r_[time[1:], 0][:n], NAT)
    boundary = np.isin(kind, (*_PAID_PERIODS, LOG_TRIAL, LOG_RESUME))
    ahead = calendar.next_renewal(v["anchor"], v["interval"], v["day"])
    ahead = np.where(kind == LOG_TRIAL, v["day"] + story.plans.trial_days, ahead)
    begin = _fill(time, boundary | first)
    clock = (people.start_second[house] + 120) * SECOND_US
    finish = _fill(calendar.us(ahead) + clock, boundary | first)
    scheduled = kind == LOG_SCHEDULE
    resets = first | np.isin(kind, (LOG_BUY, LOG_CONVERT, LOG_CANCELLED, LOG_TRIAL_ENDS, LOG_SCHEDULE))
    cancelled = np.where(np.isin(kind, (LOG_CANCELLED, LOG_TRIAL_ENDS, LOG_SCHEDULE)), time, NAT)
    after_schedule = (kind == LOG_CANCELLED) & ~first & np.r_[False, scheduled[:-1]][:n]
    cancelled = np.where(after_schedule, np.r_[NAT, time[:-1]][:n], cancelled)
    cancelled = _fill(cancelled, resets)
    ended = np.where(np.isin(kind, (LOG_CANCELLED, LOG_TRIAL_ENDS)), time, NAT)
    trial = _fill(kind == LOG_TRIAL, first)
    trial_start = np.where(trial, _fill(time, first), NAT)
    trial_end = np.where(trial, _fill(finish, first), NAT)
    versions = {
        "columns": {
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
            "trial_start": times(trial_start),
            "trial_end": times(trial_end),
            "_fivetran_start": times(time),
            "_fivetran_end": times(np.where(same, next_time - 1_000, NAT)),
            "_fivetran_active": pa.array(~same),
        },
        "seen": time,
    }
    ever = np.unique(house)
    joined = calendar.us(people.start[ever]) + people.start_second[ever] * SECOND_US
    household = ids("hh", people.number[ever])
    customers = {
        "columns": {
            "id": ids("cus", people.number[ever]),
            "email": join(ids("usr", people.member_user[ever, 0]), "@example.org"),
            "name": join("Household ", integers(people.number[ever]).cast(pa.string())),
            "created": times(joined),
            "metadata": join('{"household_id": "', household, '"}'),
        },
        "seen": joined,
    }
    out = {"stripe.subscription_history": versions, "stripe.customer": customers}
    return out | _money(v, begin, finish, next_time, people, calendar, block, rng)


def _money(v, begin, finish, next_time, people, calendar, block, rng) -> dict[str, dict]:
    """Invoices at the start of each period, their charges, and refunds."""
    base = block * LOCAL
    at = np.flatnonzero(np.isin(v["kind"], (*_PAID_PERIODS, LOG_TRIAL)))
    kind, created = v["kind"][at], v["time"][at]
    next_kind = np.r_[v["kind"][1:], -1][at]
    amount = CENTS[v["plan"], v["interval"]][at] * v["seats"][at]
    amount = np.where(kind == LOG_TRIAL, 0, amount)
    n = len(at)
    u = rng.random((3, n))
    late = kind == LOG_PAST_DUE
    answered = next_time[at]
    recovered = late & (next_kind == LOG_RECOVERED) & (answered != NAT)
    lost = late & (next_kind == LOG_UNPAID) & (answered != NAT)
    stumbles = ~late & (amount > 0) & (u[0] < 0.008)
    pends = ~late & (amount > 0) & (u[0] > 0.998)
    waited = np.where(answered == NAT, calendar.export, answered) - created
    retries = np.searchsorted([3 * DAY_US, 5 * DAY_US, 9 * DAY_US], waited, side="left")
    failures = np.where(late, 1 + retries, stumbles.astype(int))
    succeeds = (amount > 0) & ~pends & (~late | recovered)
    charges = np.where(amount > 0, failures + (succeeds | pends), 0)
    paid = succeeds | (amount == 0)
    status = np.where(paid, 0, np.where(lost, 2, 1))
    invoice = {
        "columns": {
            "id": ids("inv", base + np.arange(n)),
            "customer_id": ids("cus", people.number[v["household"][at]]),
            "subscription_id": ids("sub", v["sub"][at]),
            "status": pick(("paid", "open", "uncollectible"), status),
            "currency": pick(["usd"], np.zeros(n)),
            "amount_due": integers(amount),
            "amount_paid": integers(np.where(paid, amount, 0)),
            "attempt_count": integers(charges),
            "created": times(created),
            "period_start": times(begin[at]),
            "period_end": times(finish[at]),
        },
        "seen": np.where(late & (answered != NAT), answered, created),
    }
    row, k = repeat_ranks(charges)
    failed = k < failures[row]
    wait = np.array([0, 3, 5, 9])[np.minimum(k, 3)] * DAY_US + 5 * 60 * SECOND_US
    when = created[row] + np.where(failed, wait, 30 * 60 * SECOND_US)
    when = np.where(late[row] & ~failed, answered[row] - 60 * SECOND_US, when)
    when = np.where(stumbles[row] & ~failed, created[row] + 26 * HOUR_US, when)
    c_status = np.where(failed, 1, np.where(pends[row], 2, 0))
    cause = np.where(failed, (3 * u[1][row]).astype(int), -1)
    keep = when <= calendar.export
    row, when, c_status, cause = row[keep], when[keep], c_status[keep], cause[keep]
    number = base + np.arange(len(row))
    customer = ids("cus", people.number[v["household"][at]][row])
    charge = {
        "columns": {
            "id": ids("ch", number),
            "customer_id": customer,
            "invoice_id": ids("inv", base + row),
            "amount": integers(amount[row]),
            "currency": pick(["usd"], np.zeros(len(row))),
            "status": pick(("succeeded", "failed", "pending"), c_status),
            "failure_code": pick(_FAILURES, cause),
            "created": times(when),
        },
        "seen": when,
    }
    w = rng.random((4, len(row)))
    given = np.flatnonzero((c_status == 0) & (w[0] < 0.013))
    r_when = when[given] + ((0.1 + 18 * w[1, given]) * DAY_US).astype(np.int64)
    given, r_when = given[r_when <= calendar.export], r_when[r_when <= calendar.export]
    part = np.where(w[2, given] < 0.5, 1.0, 0.2 + 0.6 * w[3, given])
    r_status = np.where(w[3, given] < 0.86, 0, np.where(w[3, given] < 0.94, 1, 2))
    r_status[:1] = 1  # at least one of each block waits
    refund = {
        "columns": {
            "id": ids("re", base + np.arange(len(given))),
            "charge_id": ids("ch", number[given]),
            "amount": integers(np.maximum((amount[row[given]] * part).astype(int), 1)),
            "currency": pick(["usd"], np.zeros(len(given))),
            "status": pick(("succeeded", "pending", "failed"), r_status),
            "created": times(r_when),
        },
        "seen": r_when,
    }
    return {"stripe.invoice": invoice, "stripe.charge": charge, "stripe.refund": refund}
