"""Zendesk: organisations, people, tickets with their history, comments and tags."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .clock import HOUR_US, NAT, SECOND_US, Calendar
from .columns import LOCAL, ids, join, pick, times, until
from .conversations import ticket_comments
from .latent import Latent
from .population import Population
from .text import NEGATIVE, NEUTRAL, comments
from .tickets import AGENT_BASE, AGENTS, Tickets, draw_tickets

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
_NEW, _OPEN, _PENDING, _SOLVED, _CLOSED = range(5)
STATUSES = ("new", "open", "pending", "solved", "closed")


def agents(calendar: Calendar) -> dict[str, dict]:
    """The support team: agents and one administrator."""
    k = np.arange(AGENTS)
    return {
        "zendesk.user": {
            "columns": {
                "id": ids("zus", AGENT_BASE + k),
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
    tickets = draw_tickets(people, latent, calendar, base, rng)
    moved, code = _moves(tickets, calendar)
    tags = _tags(tickets, calendar)
    feeling = np.where(tickets.poor, NEGATIVE, np.where(tickets.u[9] < 0.30, NEGATIVE, NEUTRAL))
    description = comments(feeling, rng, null=0.01, empty=0.01)
    out = _organizations_and_users(people, calendar) | {
        "zendesk.ticket": _ticket_table(tickets, people, calendar, description, moved, code),
        "zendesk.ticket_field_history": _field_history(tickets, calendar, tags, moved, code),
        "zendesk.ticket_comment": ticket_comments(tickets, feeling, description, calendar, base, rng),
        "zendesk.ticket_tag": _ticket_tags(tickets, tags, moved.max(axis=1)),
    }
    known = {name: getattr(tickets, name) for name in ("house", "user", "number", "poor", "effort")}
    return out, known | {"solved": until(tickets.final, calendar.export)}


def _moves(tickets: Tickets, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Return moments (NAT: not by the export) and statuses of the moves of each ticket, shape (n, 7)."""
    moves = [
        (tickets.created, _NEW),
        (tickets.responded, _OPEN),
        (tickets.waiting, _PENDING),
        (tickets.solved, _SOLVED),
        (tickets.reopened, _OPEN),
        (tickets.again, _SOLVED),
        (tickets.closed, _CLOSED),
    ]
    moved = until(np.stack([moment for moment, _ in moves], axis=1), calendar.export)
    return moved, np.broadcast_to([status for _, status in moves], moved.shape)


def _tags(tickets: Tickets, calendar: Calendar) -> dict[str, pa.Array]:
    """Return the tag of each ticket per dimension, null where it has none."""
    u = tickets.u
    untagged = u[15] > 0.94
    half = (u[15] > 0.90) & ~untagged
    escalated = until(tickets.escalated, calendar.export)
    return {
        "category": pick(pa.array(CATEGORIES), tickets.category),
        "urgency": pick([f"urgency_{x}" for x in _LEVELS], np.where(untagged, -1, tickets.urgency)),
        "impact": pick([f"impact_{x}" for x in _LEVELS], np.where(untagged | half, -1, tickets.impact)),
        "issue": pick([f"issue_{x}" for x in _ISSUES], np.where(u[14] < 0.7, tickets.category, -1)),
        "competitor": pick(["competitor_petpal", "competitor_pawtrack"], tickets.competitor),
        "escalated": pick(["escalated"], np.where(escalated == NAT, -1, 0)),
    }


def _field_history(
    tickets: Tickets, calendar: Calendar, tags: dict[str, pa.Array], moved: np.ndarray, code: np.ndarray
) -> dict:
    """Write the changes of status, tags and assignee, by ticket and moment."""
    in_history = tickets.u[12] > 0.15
    first_tags = _spaced([tags[k] for k in ("category", "urgency", "impact", "issue", "competitor")])
    r, c = np.nonzero(moved != NAT)
    tagged = np.flatnonzero(in_history)
    again = np.flatnonzero(in_history & (until(tickets.escalated, calendar.export) != NAT))
    given = np.flatnonzero(tickets.responded <= calendar.export)
    agents_of = ids("zus", tickets.agent)
    changes = [  # rows, field, value, moment, by an agent
        (r, "status", pick(STATUSES, code[r, c]), moved[r, c], np.isin(c, (1, 2, 3, 5, 6))),
        (tagged, "tags", first_tags.take(pa.array(tagged)), tickets.created[tagged], True),
        (again, "tags", _spaced(list(tags.values())).take(pa.array(again)), tickets.escalated[again], True),
        (given, "assignee_id", agents_of.take(pa.array(given)), tickets.responded[given], True),
    ]
    row = np.concatenate([rows for rows, *_ in changes])
    when = np.concatenate([moment for *_, moment, _ in changes])
    by_agent = np.concatenate([np.broadcast_to(by, len(rows)) for rows, *_, by in changes])
    fields = pa.concat_arrays([pick([field], np.zeros(len(rows))) for rows, field, *_ in changes])
    values = pa.concat_arrays([value for _, _, value, *_ in changes])
    order = np.lexsort((when, row))
    row, when = row[order], when[order]
    return {
        "columns": {
            "ticket_id": ids("tkt", tickets.number[row]),
            "field_name": fields.take(pa.array(order)),
            "value": values.take(pa.array(order)),
            "updated": times(when),
            "user_id": ids("zus", np.where(by_agent[order], tickets.agent[row], tickets.user[row])),
        },
        "seen": when,
    }


def _ticket_tags(tickets: Tickets, tags: dict[str, pa.Array], updated: np.ndarray) -> dict:
    """Write the tags that tickets carry at the export."""
    rows = []
    for values in tags.values():
        present = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
        rows.append((present, values.take(pa.array(present))))
    row = np.concatenate([present for present, _ in rows])
    order = np.argsort(row, kind="stable")
    return {
        "columns": {
            "ticket_id": ids("tkt", tickets.number[row[order]]),
            "tag": pa.concat_arrays([values for _, values in rows]).take(pa.array(order)),
        },
        "seen": updated[row[order]],
    }


def _ticket_table(
    tickets: Tickets,
    people: Population,
    calendar: Calendar,
    description: pa.Array,
    moved: np.ndarray,
    code: np.ndarray,
) -> dict:
    updated = moved.max(axis=1)
    status = code[np.arange(len(tickets)), np.argmax(moved, axis=1)]
    orphan = (tickets.number % 40) == 7  # no organisation on the ticket: found by its requester
    assigned = tickets.responded <= calendar.export
    return {
        "columns": {
            "id": ids("tkt", tickets.number),
            "organization_id": ids("org", np.where(orphan, -1, people.number[tickets.house])),
            "requester_id": ids("zus", tickets.user),
            "assignee_id": ids("zus", np.where(assigned, tickets.agent, -1)),
            "subject": pick(_SUBJECTS, tickets.category),
            "description": description,
            "status": pick(STATUSES, status),
            "type": pick(
                ("problem", "question", "incident"), np.array([2, 1, 1, 0, 0, 2, 0, 2])[tickets.category]
            ),
            "created_at": times(tickets.created),
            "updated_at": times(updated),
        },
        "seen": updated,
    }


def _organizations_and_users(people: Population, calendar: Calendar) -> dict[str, dict]:
    joined = calendar.us(people.start) + people.start_second * SECOND_US
    row, slot = np.nonzero((people.member_from <= calendar.days) & people.member_new_user)
    member_joined = calendar.us(people.member_from[row, slot]) + HOUR_US
    user = people.member_user[row, slot]
    return {
        "zendesk.organization": {
            "columns": {
                "id": ids("org", people.number),
                "name": join("Household ", pa.array(people.number).cast(pa.string())),
                "external_id": ids("hh", people.number),
            },
            "seen": np.minimum(joined, calendar.export),
        },
        "zendesk.user": {
            "columns": {
                "id": ids("zus", user),
                "email": join(ids("usr", user), "@example.org"),
                "external_id": ids("usr", user),
                "organization_id": ids("org", people.number[row]),
                "role": pick(["end-user"], np.zeros(len(row))),
            },
            "seen": np.minimum(member_joined, calendar.export),
        },
    }


def _spaced(columns: list[pa.Array]) -> pa.Array:
    """Join tags with spaces, skipping nulls."""
    return pc.binary_join_element_wise(*columns, " ", null_handling="skip")
