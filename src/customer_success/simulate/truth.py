"""The truth that no raw table contains: the probability of leaving, given the full latent state."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import NEVER, Calendar, approximate_days
from .columns import ids, pick
from .latent import (
    CLOSED,
    PENDING_CANCEL,
    PENDING_NONE,
    PENDING_RECOVERY,
    PENDING_TRIAL,
    PENDING_UNPAID,
    Latent,
    daily_hazard,
    effort_moves,
    log_hazard_terms,
    shock_probability,
)
from .parameters import EFFORTS, HORIZON, LEAVE_TYPES, PLANS, REGIONS, Story
from .population import Population

_EFFORTS = np.arange(4)


def leave_by_day(people: Population, story: Story) -> np.ndarray:
    """P(last day of presence is within k days after a Sunday), shape (n, 3 plans, 8, HORIZON + 1).

    The third axis is effort * 2 + friction on that Sunday. Exact for a plan that stays the same.
    """
    n = len(people)
    joint = np.arange(8)
    effort, friction = joint // 2, joint % 2
    plan = np.arange(3)[None, :, None]
    p_shock = shock_probability(people.business[:, None], _EFFORTS[None], story)  # (n, 4)
    move = np.zeros((n, 3, 8, 8))
    for s in range(8):
        has_friction = p_shock[:, effort[s]]
        if friction[s]:
            has_friction = has_friction + (1 - has_friction) * story.effort.friction_stays
        for f in (0, 1):
            p_friction = (has_friction if f else 1 - has_friction)[:, None]
            down, up = effort_moves(people.fit[:, None], effort[s], f, plan[:, :, 0], story)
            at = effort[s] * 2 + f
            move[:, :, s, at] += p_friction * (1 - down - up)
            if effort[s] < 3:
                move[:, :, s, at + 2] += p_friction * down
            if effort[s] > 0:
                move[:, :, s, at - 2] += p_friction * up
    terms = log_hazard_terms(people, story)[:, None, None]
    stays = 1 - daily_hazard(terms, effort[None, None], friction[None, None], plan, story)
    present = np.broadcast_to(np.eye(8), (n, 3, 8, 8))
    left = np.zeros((n, 3, 8, HORIZON + 1))
    for day in range(1, HORIZON + 1):
        if day % 7 == 1:
            present = present @ move
        present = present * stays[:, :, None, :]
        left[..., day] = 1 - present.sum(axis=-1)
    return left


def probabilities(
    people: Population, latent: Latent, calendar: Calendar, story: Story
) -> dict[str, np.ndarray]:
    """One row per household and Sunday on which it is a customer by the latent calendar.

    Columns: row (index in the block), day, effort (-1 silently gone), plan, present, p, leaves.
    """
    sundays = np.array([calendar.monday(w) + 6 for w in range(calendar.weeks)])
    shown = (sundays >= 0) & (sundays < calendar.days)
    row, week = np.nonzero(latent.alive & shown)
    day = sundays[week]
    plan = latent.plan[row, week].astype(np.int64)
    spells = latent.spells
    final = np.maximum(spells["left"], spells["ends"])
    gone, g_week = np.nonzero(
        shown[None, :]
        & (sundays[None, :] >= spells["left"][:, None])
        & (sundays[None, :] < spells["churned"][:, None])
    )
    g_day = sundays[g_week]
    certain = final[gone] <= g_day + HORIZON
    parts = {
        "row": (row, spells["household"][gone]),
        "day": (day, g_day),
        "effort": (latent.effort[row, week], np.full(len(gone), -1)),
        "plan": (plan, spells["plan"][gone]),
        "present": (np.ones(len(row), bool), np.zeros(len(gone), bool)),
        "p": (_chance(leave_by_day(people, story), latent, story, row, week, day), certain.astype(float)),
        "leaves": (_leaves(spells, final, row, day), certain),
    }
    joined = {name: np.concatenate(pair) for name, pair in parts.items()}
    order = np.lexsort((joined["day"], joined["row"]))
    return {name: column[order] for name, column in joined.items()}


def _chance(
    table: np.ndarray, latent: Latent, story: Story, row: np.ndarray, week: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Return the chance that a household leaves within the horizon, by the rules of its plan.

    ``table`` is that of `leave_by_day`.
    """
    state = latent.effort[row, week] * 2 + latent.friction[row, week]
    plan = latent.plan[row, week].astype(np.int64)
    pending, pending_day = latent.pending[row, week], latent.pending_day[row, week]
    interval = latent.interval[row, week].astype(np.int64)
    renewal = latent.renewal[row, week].astype(np.int64)
    length = approximate_days(interval)
    rule, horizon = story.leaving, day + HORIZON

    def by(last_day: np.ndarray) -> np.ndarray:
        return table[row, plan, state, np.clip(last_day - day, 0, HORIZON)]

    def last_renewal(limit: np.ndarray) -> np.ndarray:
        count = np.maximum((limit - renewal) // length, 0)
        return np.where(renewal <= limit, renewal + count * length, day)

    whole = by(horizon)
    at_period_end = by(last_renewal(horizon) - 1)
    unpaid = by(last_renewal(horizon - rule.unpaid_after_days) - 1)
    first = np.where(interval == 1, 1.0, rule.dark_periods[0])
    dark = first * ((1 - rule.dark_unpaid) * at_period_end + rule.dark_unpaid * unpaid)
    at_once = rule.close_paying + rule.cancel_now
    paying = at_once * whole + rule.cancel_at_period_end * at_period_end
    paying += (1 - at_once - rule.cancel_at_period_end) * dark
    ending = (pending == PENDING_CANCEL) | (pending == PENDING_UNPAID)
    soon = np.where(pending_day <= horizon, whole, at_once * whole)
    p = np.where((plan > 0) & ((pending == PENDING_NONE) | (pending == PENDING_RECOVERY)), paying, whole)
    p = np.where(ending, soon, p)
    return np.where(pending == PENDING_TRIAL, whole, p)


def _leaves(spells: dict[str, np.ndarray], final: np.ndarray, row: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return for each household and day whether its next spell ends within the horizon."""
    owner, left = spells["household"], spells["left"]
    if not len(owner):
        return np.zeros(len(row), dtype=bool)
    following = np.searchsorted(owner * (2 * NEVER) + left, row * (2 * NEVER) + day, side="right")
    clipped = np.minimum(following, len(owner) - 1)
    same = (following < len(owner)) & (owner[clipped] == row)
    return same & (final[clipped] <= day + HORIZON)


def _dates(day: np.ndarray, calendar: Calendar) -> pa.Array:
    missing = day >= NEVER
    days = np.where(missing, 0, day + calendar.epoch).astype(np.int32)
    return pa.array(days, mask=missing).cast(pa.date32())


def truth_tables(people: Population, latent: Latent, calendar: Calendar, story: Story) -> dict[str, pa.Table]:
    """The truth tables of a block."""
    rows = probabilities(people, latent, calendar, story)
    spells = latent.spells
    owner = spells["household"]
    probability = pa.table(
        {
            "household_id": ids("hh", people.number[rows["row"]]),
            "snapshot_date": _dates(rows["day"], calendar),
            "p_leave_30d": pa.array(rows["p"]),
            "leaves_30d": pa.array(rows["leaves"]),
            "is_present": pa.array(rows["present"]),
            "effort": pick(EFFORTS, rows["effort"]),
            "plan": pick(PLANS, rows["plan"]),
        }
    )
    spell_table = pa.table(
        {
            "household_id": ids("hh", people.number[owner]),
            "spell_start": _dates(spells["start"], calendar),
            "last_active_date": _dates(spells["left"], calendar),
            "leave_type": pick(LEAVE_TYPES, spells["type"]),
            "subscription_ends": _dates(spells["ends"], calendar),
            "left_at": _dates(np.maximum(spells["left"], spells["ends"]), calendar),
            "churned_at": _dates(spells["churned"], calendar),
            "returns_at": _dates(spells["back"], calendar),
            "plan": pick(PLANS, spells["plan"]),
        }
    )
    households = _household_table(people, latent, calendar, story)
    return {"leave_probability": probability, "spells": spell_table, "households": households}


def _household_table(people: Population, latent: Latent, calendar: Calendar, story: Story) -> pa.Table:
    spells = latent.spells
    owner = spells["household"]
    n = len(people)
    first = np.full(n, -1)
    first[owner[::-1]] = np.arange(len(owner))[::-1]
    known = first >= 0
    at = np.where(known, first, 0)

    def of_first(name: str, missing: int) -> np.ndarray:
        if len(owner) == 0:
            return np.full(n, missing)
        return np.where(known, spells[name][at], missing)

    closed = np.full(n, NEVER)
    shut = spells["type"] == CLOSED
    closed[owner[shut]] = spells["left"][shut]
    return pa.table(
        {
            "household_id": ids("hh", people.number),
            "fit": pa.array(people.fit),
            "is_business": pa.array(people.business),
            "region": pick(REGIONS, people.region),
            "signup_date": _dates(people.start, calendar),
            "initial_members": pa.array(people.members0),
            "initial_pets": pa.array(people.pets0),
            "log_hazard_terms": pa.array(log_hazard_terms(people, story)),
            "first_last_active_date": _dates(of_first("left", NEVER), calendar),
            "first_leave_type": pick(LEAVE_TYPES, of_first("type", -1)),
            "first_churned_at": _dates(of_first("churned", NEVER), calendar),
            "times_left": pa.array(np.bincount(owner, minlength=n)),
            "closed_date": _dates(closed, calendar),
        }
    )
