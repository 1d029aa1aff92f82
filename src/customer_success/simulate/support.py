"""Zendesk: organisations, people, tickets with their history, comments and tags."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .clock import DAY_US, HOUR_US, NAT, SECOND_US, Calendar
from .columns import LOCAL, choose, ids, join, pick, repeat_ranks, times, until
from .latent import SHOCK_SUPPORT, Latent
from .population import Population
from .text import NEGATIVE, NEUTRAL, POSITIVE, comments

AGENTS = 12
_AGENT_BASE = 90_000_000  # their numbers, beyond those of app users
CATEGORIES = (
    "bug",
    "feature_request",
    "how_to",
    "account_billing",
    "performance",
    "data_issue",
    "integration",
    "mobile",
)
_ISSUES = (
    "reminders_late",
    "dark_mode",
    "add_second_pet",
    "double_charge",
    "slow_photos",
    "lost_tasks",
    "calendar_sync_google",
    "ios_crash",
)
_SUBJECTS = (
    "Reminders arrive late",
    "Please add a dark mode",
    "How do I add a second pet?",
    "I was charged twice",
    "Photos take forever",
    "Tasks have disappeared",
    "Google calendar does not sync",
    "The app crashes on iOS",
)
_LEVELS = ("high", "medium", "low")
_RATE = (0.030, 0.036, 0.042, 0.036)  # tickets per household-week by effort
_NEW, _OPEN, _PENDING, _SOLVED, _CLOSED = range(5)
STATUSES = ("new", "open", "pending", "solved", "closed")


def agents(calendar: Calendar) -> dict[str, dict]:
    """The support team: agents and one administrator."""
    k = np.arange(AGENTS)
    return {
        "zendesk.user": {
            "columns": {
                "id": ids("zus", _AGENT_BASE + k),
                "email": join("agent", pa.array(k).cast(pa.string()), "@petforce.example"),
                "external_id": pa.nulls(AGENTS, pa.string()),
                "organization_id": pa.nulls(AGENTS, pa.string()),
                "role": pick(("agent", "admin"), k == 0),
            },
            "seen": np.full(AGENTS, int(calendar.us(np.int64(0)))),
        }
    }


def tables(
    people: Population, latent: Latent, calendar: Calendar, block: int, rng
) -> tuple[dict[str, dict], dict[str, np.ndarray]]:
    """The Zendesk tables of a block, and what the surveys need to know of the tickets."""
    base = block * LOCAL
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
    house, created, shocked, u, day = (
        house[keep],
        created[keep],
        shocked[keep],
        u[:, keep],
        day[keep],
    )
    n = len(house)
    number = base + np.arange(n)
    poor = shocked | (u[2] < 0.07)
    effort = effort[at][keep]

    slot = np.floor(3 * u[3]).astype(int)
    member = (people.member_from[house, slot] <= day) & (people.member_to[house, slot] > day)
    user = people.member_user[house, np.where(member & (u[3] < 0.9), slot, 0)]
    agent = _AGENT_BASE + (AGENTS * u[4]).astype(int)
    category = choose(u[5], (0.24, 0.13, 0.24, 0.13, 0.10, 0.06, 0.05, 0.05))
    urgency = choose(np.where(shocked, u[6] * 0.6, u[6]), (0.16, 0.44, 0.40))
    impact = choose(np.where(shocked, u[7] * 0.6, u[7]), (0.14, 0.46, 0.40))
    competitor = np.where(u[8] < np.where(effort >= 2, 0.04, 0.012), (2 * u[9]).astype(int), -1)
    pressing = np.array([1.0, 3.0, 8.0])[np.minimum(urgency, impact)]
    slow = np.where(poor, 4.0, 0.7) * np.exp(0.8 * (u[10] - 0.5) * 3)
    responded = created + (pressing * slow * HOUR_US).astype(np.int64) + 60 * SECOND_US
    worked = pressing * slow * (2 + 8 * u[11]) * HOUR_US
    solved = responded + worked.astype(np.int64)
    never = u[12] < np.where(poor, 0.10, 0.01)
    solved = np.where(never, NAT, solved)
    reopened = np.where(
        (u[13] < np.where(poor, 0.30, 0.05)) & ~never,
        solved + ((0.1 + 2.5 * u[14]) * DAY_US).astype(np.int64),
        NAT,
    )
    again = np.where(reopened == NAT, NAT, reopened + (worked * 0.8).astype(np.int64) + HOUR_US)
    final = np.where(reopened == NAT, solved, again)
    closed = np.where(never | (u[15] < 0.25), NAT, final + 4 * DAY_US)
    escalated = poor & (u[9] > 0.55)
    escalated_at = np.where(escalated, responded + (0.5 * worked).astype(np.int64), NAT)

    moves = [
        (created, _NEW),
        (responded, _OPEN),
        (np.where(u[14] < 0.4, responded + (0.3 * worked).astype(np.int64), NAT), _PENDING),
        (solved, _SOLVED),
        (reopened, _OPEN),
        (again, _SOLVED),
        (closed, _CLOSED),
    ]
    at_time = np.stack([m[0] for m in moves], axis=1)
    at_time = until(at_time, calendar.export)
    code = np.broadcast_to([m[1] for m in moves], at_time.shape)
    latest = np.argmax(at_time, axis=1)
    status = code[np.arange(n), latest]
    updated = at_time.max(axis=1)

    names = pa.array(CATEGORIES)
    tag_urgency = pa.array([f"urgency_{x}" for x in _LEVELS])
    tag_impact = pa.array([f"impact_{x}" for x in _LEVELS])
    untagged = u[15] > 0.94
    half = (u[15] > 0.90) & ~untagged
    tags = {
        "category": pick(names, category),
        "urgency": pick(tag_urgency, np.where(untagged, -1, urgency)),
        "impact": pick(tag_impact, np.where(untagged | half, -1, impact)),
        "issue": pick([f"issue_{x}" for x in _ISSUES], np.where(u[14] < 0.7, category, -1)),
        "competitor": pick(["competitor_petpal", "competitor_pawtrack"], competitor),
        "escalated": pick(["escalated"], np.where(until(escalated_at, calendar.export) == NAT, -1, 0)),
    }
    in_history = u[12] > 0.15
    first_tags = _spaced([tags[k] for k in ("category", "urgency", "impact", "issue", "competitor")])
    later_tags = _spaced(list(tags.values()))
    ticket_id = ids("tkt", number)
    zendesk_user = ids("zus", user)
    agent_id = ids("zus", agent)

    r, c = np.nonzero(at_time != NAT)
    by_agent = np.isin(c, (1, 2, 3, 5, 6))
    history = [
        (r, "status", pick(STATUSES, code[r, c]), at_time[r, c], by_agent),
    ]
    r2 = np.flatnonzero(in_history)
    history.append((r2, "tags", first_tags.take(pa.array(r2)), created[r2], np.ones(len(r2), bool)))
    r3 = np.flatnonzero(in_history & (until(escalated_at, calendar.export) != NAT))
    history.append((r3, "tags", later_tags.take(pa.array(r3)), escalated_at[r3], np.ones(len(r3), bool)))
    r4 = np.flatnonzero(responded <= calendar.export)
    history.append((r4, "assignee_id", agent_id.take(pa.array(r4)), responded[r4], np.ones(len(r4), bool)))
    row = np.concatenate([h[0] for h in history])
    when = np.concatenate([h[3] for h in history])
    is_agent = np.concatenate([h[4] for h in history])
    fields = pa.concat_arrays([pick([h[1]], np.zeros(len(h[0]))) for h in history])
    values = pa.concat_arrays([h[2] for h in history])
    order = np.lexsort((when, row))
    take = pa.array(order)
    who = np.where(is_agent, agent[row], user[row])
    field_history = {
        "columns": {
            "ticket_id": ids("tkt", number[row[order]]),
            "field_name": fields.take(take),
            "value": values.take(take),
            "updated": times(when[order]),
            "user_id": ids("zus", who[order]),
        },
        "seen": when[order],
    }

    feeling = np.where(poor, NEGATIVE, np.where(u[9] < 0.30, NEGATIVE, NEUTRAL))
    description = comments(feeling, rng, null=0.01, empty=0.01)
    comment = _comments(
        base,
        n,
        number,
        user,
        agent,
        created,
        responded,
        solved,
        reopened,
        again,
        feeling,
        description,
        poor,
        calendar,
        rng,
    )
    organisations = np.arange(len(people))
    tag_rows = []
    for values in tags.values():
        present = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
        tag_rows.append((present, values.take(pa.array(present))))
    t_row = np.concatenate([t[0] for t in tag_rows])
    t_order = np.argsort(t_row, kind="stable")
    tag_values = pa.concat_arrays([t[1] for t in tag_rows]).take(pa.array(t_order))
    m_row, m_slot = np.nonzero((people.member_from <= calendar.days) & people.member_new_user)
    m_joined = calendar.us(people.member_from[m_row, m_slot]) + HOUR_US
    orphan = (number % 40) == 7  # no organisation on the ticket: found by its requester
    joined_seen = np.minimum(joined, calendar.export)
    out = {
        "zendesk.organization": {
            "columns": {
                "id": ids("org", people.number),
                "name": join("Household ", pa.array(people.number).cast(pa.string())),
                "external_id": ids("hh", people.number),
            },
            "seen": joined_seen[organisations],
        },
        "zendesk.user": {
            "columns": {
                "id": ids("zus", people.member_user[m_row, m_slot]),
                "email": join(ids("usr", people.member_user[m_row, m_slot]), "@example.org"),
                "external_id": ids("usr", people.member_user[m_row, m_slot]),
                "organization_id": ids("org", people.number[m_row]),
                "role": pick(["end-user"], np.zeros(len(m_row))),
            },
            "seen": np.minimum(m_joined, calendar.export),
        },
        "zendesk.ticket": {
            "columns": {
                "id": ticket_id,
                "organization_id": ids("org", np.where(orphan, -1, people.number[house])),
                "requester_id": zendesk_user,
                "assignee_id": ids("zus", np.where(responded <= calendar.export, agent, -1)),
                "subject": pick(_SUBJECTS, category),
                "description": description,
                "status": pick(STATUSES, status),
                "type": pick(
                    ("problem", "question", "incident"),
                    np.array([2, 1, 1, 0, 0, 2, 0, 2])[category],
                ),
                "created_at": times(created),
                "updated_at": times(updated),
            },
            "seen": updated,
        },
        "zendesk.ticket_field_history": field_history,
        "zendesk.ticket_comment": comment,
        "zendesk.ticket_tag": {
            "columns": {"ticket_id": ids("tkt", number[t_row[t_order]]), "tag": tag_values},
            "seen": updated[t_row[t_order]],
        },
    }
    tickets = {
        "house": house,
        "user": user,
        "number": number,
        "solved": until(final, calendar.export),
        "poor": poor,
        "effort": effort,
    }
    return out, tickets


def _spaced(columns: list[pa.Array]) -> pa.Array:
    """Join tags with spaces, skipping nulls."""
    return pc.binary_join_element_wise(*columns, " ", null_handling="skip")


def _comments(
    base,
    n,
    number,
    user,
    agent,
    created,
    responded,
    solved,
    reopened,
    again,
    feeling,
    description,
    poor,
    calendar,
    rng,
) -> dict:
    """The conversation: opening, private note, answers, complaints, thanks."""
    u = rng.random((6, n))
    none = np.full(n, NAT)
    thanks = np.where(poor, NEGATIVE, POSITIVE)
    spare = ((0.2 + 3 * u[0]) * HOUR_US).astype(np.int64)
    steps = [  # time, by agent, public, feeling
        (created, False, True, feeling),
        (np.where(u[1] < 0.25, created + (responded - created) // 2, none), True, False, None),
        (responded, True, True, None),
        (np.where(u[2] < 0.45, responded + spare, none), False, True, feeling),
        (np.where((u[3] < 0.55) & (solved != NAT), solved, none), True, True, None),
        (np.where((u[4] < 0.30) & (solved != NAT), solved + spare, none), False, True, thanks),
        (reopened, False, True, np.full(n, NEGATIVE)),
        (again, True, True, None),
    ]
    replies = pa.array(
        [
            "Hello, thank you for writing. I am looking into it.",
            "Could you send us a screenshot, please?",
            "This has been fixed in the latest version.",
            "I have changed the setting for you. Please try again.",
        ]
    )
    note = pa.array(["Internal: waiting for engineering.", "Internal: same as an earlier report."])
    rows, bodies, when, by_agent, public = [], [], [], [], []
    for i, (at, is_agent, is_public, mood) in enumerate(steps):
        keep = np.flatnonzero((at != NAT) & (at <= calendar.export))
        if i == 0:
            body = description.take(pa.array(keep))
        elif mood is not None:
            body = comments(mood[keep], rng, null=0.01, empty=0.02)
        else:
            body = pick(replies if is_public else note, (2 * u[5, keep] + 2 * (i > 3) * is_public))
        rows.append(keep)
        bodies.append(body)
        when.append(at[keep])
        by_agent.append(np.full(len(keep), is_agent))
        public.append(np.full(len(keep), is_public))
    row, time = np.concatenate(rows), np.concatenate(when)
    order = np.lexsort((time, row))
    row, time = row[order], time[order]
    is_agent = np.concatenate(by_agent)[order]
    return {
        "columns": {
            "id": ids("cmt", base + np.arange(len(row))),
            "ticket_id": ids("tkt", number[row]),
            "user_id": ids("zus", np.where(is_agent, agent[row], user[row])),
            "body": pa.concat_arrays(bodies).take(pa.array(order)),
            "public": pa.array(np.concatenate(public)[order]),
            "created": times(time),
        },
        "seen": time,
    }
