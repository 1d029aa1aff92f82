"""The tickets that households open at the desk: the user, the subject, the agent, and the history of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .clock import DAY_US, HOUR_US, NAT, SECOND_US, Calendar
from .columns import choose, repeat_ranks
from .latent import SHOCK_SUPPORT, Latent
from .population import Population

AGENTS = 12
AGENT_BASE = 90_000_000  # their numbers, beyond those of app users
_RATE = (0.030, 0.036, 0.042, 0.036)  # tickets per household-week by effort
_CATEGORY_SHARES = (0.24, 0.13, 0.24, 0.13, 0.10, 0.06, 0.05, 0.05)


@dataclass
class Tickets:
    """Arrays of n tickets in the order of their number; moments are microseconds, NAT for what never happens.

    ``u`` are the uniform draws of shape (16, n) from which all attributes of a ticket follow.
    """

    number: np.ndarray
    house: np.ndarray  # index in the block
    user: np.ndarray  # number of the app user who asks
    agent: np.ndarray
    effort: np.ndarray
    poor: np.ndarray  # handled badly
    category: np.ndarray
    urgency: np.ndarray
    impact: np.ndarray
    competitor: np.ndarray  # -1: none
    u: np.ndarray
    created: np.ndarray
    responded: np.ndarray
    waiting: np.ndarray
    solved: np.ndarray
    reopened: np.ndarray
    again: np.ndarray  # solved for the second time
    closed: np.ndarray
    escalated: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    @property
    def final(self) -> np.ndarray:
        """The moment of the last solution."""
        return np.where(self.reopened == NAT, self.solved, self.again)


class _Opened(NamedTuple):
    """Tickets as they are opened: see `Tickets`; ``shocked`` are those that a bad week opened."""

    house: np.ndarray
    created: np.ndarray
    day: np.ndarray
    effort: np.ndarray
    shocked: np.ndarray
    u: np.ndarray


def draw_tickets(people: Population, latent: Latent, calendar: Calendar, base: int, rng) -> Tickets:
    """Draw the tickets of a block; ``base`` is the number of the first one."""
    house, created, day, effort, shocked, u = _opened(people, latent, calendar, rng)
    slot = np.floor(3 * u[3]).astype(int)
    member = (people.member_from[house, slot] <= day) & (people.member_to[house, slot] > day)
    urgency = choose(np.where(shocked, u[6] * 0.6, u[6]), (0.16, 0.44, 0.40))
    impact = choose(np.where(shocked, u[7] * 0.6, u[7]), (0.14, 0.46, 0.40))
    poor = shocked | (u[2] < 0.07)
    return Tickets(
        number=base + np.arange(len(house)),
        house=house,
        user=people.member_user[house, np.where(member & (u[3] < 0.9), slot, 0)],
        agent=AGENT_BASE + (AGENTS * u[4]).astype(int),
        effort=effort,
        poor=poor,
        category=choose(u[5], _CATEGORY_SHARES),
        urgency=urgency,
        impact=impact,
        competitor=np.where(u[8] < np.where(effort >= 2, 0.04, 0.012), (2 * u[9]).astype(int), -1),
        u=u,
        created=created,
        **_course(created, np.minimum(urgency, impact), poor, u),
    )


def _opened(people: Population, latent: Latent, calendar: Calendar, rng) -> _Opened:
    row, week = np.nonzero((latent.effort >= 0) & (latent.last >= latent.first))
    effort = latent.effort[row, week].astype(int)
    pace = np.where(people.business[row], 2.0, np.where(latent.plan[row, week] > 0, 1.1, 0.75))
    bad_week = latent.shock[row, week] == SHOCK_SUPPORT
    count = rng.poisson(np.array(_RATE)[effort] * pace) + bad_week
    at, k = repeat_ranks(count)
    house, shocked = row[at], bad_week[at] & (k == 0)
    monday = 7 * week[at] - calendar.offset
    u = rng.random((16, len(at)))
    span = latent.last[house, week[at]] - latent.first[house, week[at]] + 1
    day = monday + latent.first[house, week[at]] + (u[0] * span).astype(int)
    created = calendar.us(day) + (u[1] * DAY_US).astype(np.int64)
    joined = calendar.us(people.start) + people.start_second * SECOND_US
    created = np.maximum(created, joined[house] + 600 * SECOND_US)
    keep = created <= calendar.export
    return _Opened(house[keep], created[keep], day[keep], effort[at][keep], shocked[keep], u[:, keep])


def _course(created: np.ndarray, level: np.ndarray, poor: np.ndarray, u: np.ndarray) -> dict[str, np.ndarray]:
    """Draw when a ticket is answered, waits, is solved, reopened, closed and escalated.

    ``level`` is the more pressing one of urgency and impact, 0 for high. Poor handling is slow, is reopened
    more often and sometimes never ends.
    """
    pressing = np.array([1.0, 3.0, 8.0])[level]
    slow = np.where(poor, 4.0, 0.7) * np.exp(0.8 * (u[10] - 0.5) * 3)
    responded = created + (pressing * slow * HOUR_US).astype(np.int64) + 60 * SECOND_US
    worked = pressing * slow * (2 + 8 * u[11]) * HOUR_US
    never = u[12] < np.where(poor, 0.10, 0.01)
    solved = np.where(never, NAT, responded + worked.astype(np.int64))
    reopened = np.where(
        (u[13] < np.where(poor, 0.30, 0.05)) & ~never,
        solved + ((0.1 + 2.5 * u[14]) * DAY_US).astype(np.int64),
        NAT,
    )
    again = np.where(reopened == NAT, NAT, reopened + (worked * 0.8).astype(np.int64) + HOUR_US)
    final = np.where(reopened == NAT, solved, again)
    escalated = poor & (u[9] > 0.55)
    return {
        "responded": responded,
        "waiting": np.where(u[14] < 0.4, responded + (0.3 * worked).astype(np.int64), NAT),
        "solved": solved,
        "reopened": reopened,
        "again": again,
        "closed": np.where(never | (u[15] < 0.25), NAT, final + 4 * DAY_US),
        "escalated": np.where(escalated, responded + (0.5 * worked).astype(np.int64), NAT),
    }
