"""Survey invitations and answers."""

from __future__ import annotations

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


def tables(
    people: Population,
    latent: Latent,
    calendar: Calendar,
    tickets: dict[str, np.ndarray],
    block: int,
    rng,
) -> dict[str, dict]:
    """Invitations and responses of a block."""
    base = block * LOCAL
    row, week = np.nonzero(latent.alive)
    parts = []
    for kind, rate in _WEEKLY.items():
        drawn = rng.random(len(row)) < rate
        house, at = row[drawn], week[drawn]
        sent = calendar.us(7 * at - calendar.offset) + (rng.random(len(at)) * 7 * DAY_US).astype(int)
        effort = latent.effort[house, at]
        parts.append((kind, house, sent, effort, latent.friction[house, at] > 0, None))
    solved = np.flatnonzero(tickets["solved"] != NAT)
    solved = solved[rng.random(len(solved)) < 0.85]
    parts.append(
        (
            CSAT,
            tickets["house"][solved],
            tickets["solved"][solved] + HOUR_US,
            tickets["effort"][solved],
            tickets["poor"][solved],
            solved,
        )
    )
    spells = latent.spells
    known = np.flatnonzero((spells["type"] < 3) & (spells["left"] <= calendar.days))
    sent = calendar.us(spells["left"][known]) + 22 * HOUR_US
    tired = np.full(len(known), 3)
    parts.append((EXIT, spells["household"][known], sent, tired, tired > 0, None))

    kind = np.concatenate([np.full(len(p[1]), p[0]) for p in parts])
    house = np.concatenate([p[1] for p in parts])
    sent = np.concatenate([p[2] for p in parts])
    effort = np.concatenate([p[3] for p in parts]).astype(int)
    upset = np.concatenate([p[4] for p in parts]).astype(bool)
    ticket = np.concatenate([np.full(len(p[1]), -1) if p[5] is None else p[5] for p in parts])
    joined = calendar.us(people.start[house]) + people.start_second[house] * 1_000_000
    keep = (sent <= calendar.export) & (sent > joined)
    kind, house, sent, effort, upset, ticket = (a[keep] for a in (kind, house, sent, effort, upset, ticket))
    n = len(kind)
    u = rng.random((7, n))
    noise = rng.standard_normal(n)
    slot = np.floor(3 * u[0] ** 2).astype(int)
    day = calendar.day(sent)
    member = (people.member_from[house, slot] <= day) & (people.member_to[house, slot] > day)
    user = people.member_user[house, np.where(member, slot, 0)]
    on_ticket = ticket >= 0
    asker = tickets["user"][np.maximum(ticket, 0)] if len(tickets["user"]) else user
    user = np.where(on_ticket, asker, user)
    answers = u[1] < _ANSWERS[effort] * np.where(kind == CSAT, 1.2, np.where(kind == EXIT, 2.0, 1.0))
    uninvited = answers & (u[2] < _NOT_INVITED)
    answered = sent + ((0.02 + 4 * u[3] ** 3) * DAY_US).astype(np.int64)
    answers &= answered <= calendar.export
    fit = people.fit[house]
    nps = np.rint(_NPS_MEAN[effort] + 0.5 * fit - 1.5 * upset + 1.9 * noise)
    star = np.rint(_STAR_MEAN[effort] + 0.15 * fit + 0.8 * noise - 0.4 * upset)
    care = np.rint(np.where(upset, 2.3, 4.45) + 0.85 * noise)
    score = np.where(kind == NPS, np.clip(nps, 0, 10), np.clip(star, 1, 5))
    score = np.where(kind == CSAT, np.clip(care, 1, 5), score).astype(int)
    level = np.where(kind == NPS, score / 2, score)
    feeling = np.where(level >= 4.2, POSITIVE, np.where(level <= 2.9, NEGATIVE, NEUTRAL))
    score = np.where(u[4] < _NULL_SCORE, MISSING, score)

    number = base + np.arange(n)
    invited = ~uninvited
    order = np.lexsort((number[invited], sent[invited]))
    inv = np.flatnonzero(invited)[order]
    got = np.flatnonzero(answers)
    got = got[np.argsort(answered[got], kind="stable")]
    ticket_number = tickets["number"][np.maximum(ticket, 0)] if len(tickets["number"]) else ticket
    return {
        "survey.invitation": {
            "columns": {
                "id": ids("svi", number[inv]),
                "survey_type": pick(TYPES, kind[inv]),
                "household_id": ids("hh", people.number[house[inv]]),
                "user_id": ids("usr", user[inv]),
                "trigger": pick(_TRIGGERS, kind[inv]),
                "channel": pick(("email", "in_app"), u[5, inv] < 0.4),
                "sent_at": times(sent[inv]),
            },
            "seen": sent[inv],
        },
        "survey.response": {
            "columns": {
                "id": ids("svr", number[got]),
                "invitation_id": ids("svi", np.where(invited[got], number[got], -1)),
                "survey_type": pick(TYPES, kind[got]),
                "household_id": ids("hh", people.number[house[got]]),
                "user_id": ids("usr", user[got]),
                "ticket_id": ids("tkt", np.where(on_ticket[got], ticket_number[got], -1)),
                "score": integers(score[got], missing=MISSING),
                "comment": comments(feeling[got], rng, null=0.35, empty=0.45),
                "responded_at": times(answered[got]),
            },
            "seen": answered[got],
        },
    }
