"""Survey invitations and answers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .clock import DAY_US, HOUR_US, NAT, Calendar
from .columns import LOCAL, ids, integers, pick, times
from .latent import Latent
from .population import Population
from .text import NEGATIVE, NEUTRAL, POSITIVE, comments

TYPES = ("NPS", "CSAT", "Product", "Feature", "Exit")
NPS, CSAT, PRODUCT, FEATURE, EXIT = range(5)
_TRIGGERS = ("quarterly", "ticket_solved", "half_year", "feature_release", "leaving")
_WEEKLY = {NPS: 1 / 13, PRODUCT: 1 / 40, FEATURE: 1 / 60}
_ANSWERS = np.array([0.42, 0.34, 0.18, 0.07])  # propensity by effort
_NPS_MEAN = np.array([8.9, 7.7, 6.2, 4.6])
_STAR_MEAN = np.array([4.4, 4.0, 3.2, 2.6])
_NOT_INVITED = 0.04
_NULL_SCORE = 0.03
MISSING = -99


class _Asked(NamedTuple):
    """Arrays of n occasions to ask; ``ticket`` is the row of the ticket asked about, -1 for none."""

    kind: np.ndarray
    house: np.ndarray
    sent: np.ndarray
    effort: np.ndarray
    upset: np.ndarray
    ticket: np.ndarray


def tables(
    people: Population,
    latent: Latent,
    calendar: Calendar,
    tickets: dict[str, np.ndarray],
    block: int,
    rng,
) -> dict[str, dict]:
    """Invitations and responses of a block."""
    asked = _asked(people, latent, calendar, tickets, rng)
    kind, house, sent, effort, _, ticket = asked
    n = len(kind)
    u = rng.random((7, n))
    score, feeling = _scores(asked, people.fit[house], rng.standard_normal(n))
    score = np.where(u[4] < _NULL_SCORE, MISSING, score)
    user = _users(people, calendar, asked, tickets, u[0])
    answers = u[1] < _ANSWERS[effort] * np.where(kind == CSAT, 1.2, np.where(kind == EXIT, 2.0, 1.0))
    invited = ~(answers & (u[2] < _NOT_INVITED))
    answered = sent + ((0.02 + 4 * u[3] ** 3) * DAY_US).astype(np.int64)
    answers &= answered <= calendar.export

    number = block * LOCAL + np.arange(n)
    order = np.lexsort((number[invited], sent[invited]))
    inv = np.flatnonzero(invited)[order]
    got = np.flatnonzero(answers)
    got = got[np.argsort(answered[got], kind="stable")]
    ticket_number = tickets["number"][np.maximum(ticket, 0)] if len(tickets["number"]) else ticket
    invitation = {
        "id": ids("svi", number[inv]),
        "survey_type": pick(TYPES, kind[inv]),
        "household_id": ids("hh", people.number[house[inv]]),
        "user_id": ids("usr", user[inv]),
        "trigger": pick(_TRIGGERS, kind[inv]),
        "channel": pick(("email", "in_app"), u[5, inv] < 0.4),
        "sent_at": times(sent[inv]),
    }
    response = {
        "id": ids("svr", number[got]),
        "invitation_id": ids("svi", np.where(invited[got], number[got], -1)),
        "survey_type": pick(TYPES, kind[got]),
        "household_id": ids("hh", people.number[house[got]]),
        "user_id": ids("usr", user[got]),
        "ticket_id": ids("tkt", np.where(ticket[got] >= 0, ticket_number[got], -1)),
        "score": integers(score[got], missing=MISSING),
        "comment": comments(feeling[got], rng, null=0.35, empty=0.45),
        "responded_at": times(answered[got]),
    }
    return {
        "survey.invitation": {"columns": invitation, "seen": sent[inv]},
        "survey.response": {"columns": response, "seen": answered[got]},
    }


def _asked(people: Population, latent: Latent, calendar: Calendar, tickets: dict, rng) -> _Asked:
    """Draw when households are asked: at intervals, after a solved ticket, after they left."""
    row, week = np.nonzero(latent.alive)
    parts = []
    for kind, rate in _WEEKLY.items():
        drawn = rng.random(len(row)) < rate
        house, at = row[drawn], week[drawn]
        sent = calendar.us(7 * at - calendar.offset) + (rng.random(len(at)) * 7 * DAY_US).astype(int)
        friction = latent.friction[house, at] > 0
        parts.append(_part(kind, house, sent, latent.effort[house, at], friction))
    solved = np.flatnonzero(tickets["solved"] != NAT)
    solved = solved[rng.random(len(solved)) < 0.85]
    house, effort, poor = (tickets[name][solved] for name in ("house", "effort", "poor"))
    parts.append(_part(CSAT, house, tickets["solved"][solved] + HOUR_US, effort, poor, solved))
    spells = latent.spells
    known = np.flatnonzero((spells["type"] < 3) & (spells["left"] <= calendar.days))
    sent = calendar.us(spells["left"][known]) + 22 * HOUR_US
    tired = np.full(len(known), 3)
    parts.append(_part(EXIT, spells["household"][known], sent, tired, tired > 0))
    asked = _Asked(*map(np.concatenate, zip(*parts, strict=True)))
    joined = calendar.us(people.start[asked.house]) + people.start_second[asked.house] * 1_000_000
    keep = (asked.sent <= calendar.export) & (asked.sent > joined)
    return _Asked(*(values[keep] for values in asked))


def _part(kind: int, house, sent, effort, upset, ticket: np.ndarray | None = None) -> _Asked:
    ticket = np.full(len(house), -1) if ticket is None else ticket
    return _Asked(np.full(len(house), kind), house, sent, effort.astype(int), upset.astype(bool), ticket)


def _users(people: Population, calendar: Calendar, asked: _Asked, tickets: dict, u: np.ndarray) -> np.ndarray:
    """Return the user who is asked: the one who opened the ticket, or a member drawn by ``u``."""
    slot = np.floor(3 * u**2).astype(int)
    house, day = asked.house, calendar.day(asked.sent)
    member = (people.member_from[house, slot] <= day) & (people.member_to[house, slot] > day)
    user = people.member_user[house, np.where(member, slot, 0)]
    asker = tickets["user"][np.maximum(asked.ticket, 0)] if len(tickets["user"]) else user
    return np.where(asked.ticket >= 0, asker, user)


def _scores(asked: _Asked, fit: np.ndarray, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the score of each answer and the feeling of its comment; ``noise`` is standard normal."""
    kind, effort, upset = asked.kind, asked.effort, asked.upset
    nps = np.rint(_NPS_MEAN[effort] + 0.5 * fit - 1.5 * upset + 1.9 * noise)
    star = np.rint(_STAR_MEAN[effort] + 0.15 * fit + 0.8 * noise - 0.4 * upset)
    care = np.rint(np.where(upset, 2.3, 4.45) + 0.85 * noise)
    score = np.where(kind == NPS, np.clip(nps, 0, 10), np.clip(star, 1, 5))
    score = np.where(kind == CSAT, np.clip(care, 1, 5), score).astype(int)
    level = np.where(kind == NPS, score / 2, score)
    feeling = np.where(level >= 4.2, POSITIVE, np.where(level <= 2.9, NEGATIVE, NEUTRAL))
    return score, feeling
