"""What is written in tickets: opening, private note, answers, complaints, thanks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from .clock import HOUR_US, NAT, Calendar
from .columns import ids, pick, times
from .text import NEGATIVE, POSITIVE, comments
from .tickets import Tickets

_REPLIES = (
    "Hello, thank you for writing. I am looking into it.",
    "Could you send us a screenshot, please?",
    "This has been fixed in the latest version.",
    "I have changed the setting for you. Please try again.",
)
_NOTES = ("Internal: waiting for engineering.", "Internal: same as an earlier report.")


def ticket_comments(
    tickets: Tickets, feeling: np.ndarray, description: pa.Array, calendar: Calendar, base: int, rng
) -> dict:
    """Write the comments of tickets; ``feeling`` and ``description`` are those they were opened with."""
    u = rng.random((6, len(tickets)))
    rows, bodies, when, by_agent, public = [], [], [], [], []
    for i, (at, is_agent, is_public, mood) in enumerate(_steps(tickets, feeling, u)):
        keep = np.flatnonzero((at != NAT) & (at <= calendar.export))
        if i == 0:
            body = description.take(pa.array(keep))
        elif mood is not None:
            body = comments(mood[keep], rng, null=0.01, empty=0.02)
        else:
            texts = pa.array(_REPLIES if is_public else _NOTES)
            body = pick(texts, (2 * u[5, keep] + 2 * (i > 3) * is_public))
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
            "ticket_id": ids("tkt", tickets.number[row]),
            "user_id": ids("zus", np.where(is_agent, tickets.agent[row], tickets.user[row])),
            "body": pa.concat_arrays(bodies).take(pa.array(order)),
            "public": pa.array(np.concatenate(public)[order]),
            "created": times(time),
        },
        "seen": time,
    }


def _steps(tickets: Tickets, feeling: np.ndarray, u: np.ndarray) -> list[tuple]:
    """List what may be written: (moment, by an agent, public, feeling of the household or None)."""
    n, created, responded, solved = len(tickets), tickets.created, tickets.responded, tickets.solved
    none = np.full(n, NAT)
    thanks = np.where(tickets.poor, NEGATIVE, POSITIVE)
    spare = ((0.2 + 3 * u[0]) * HOUR_US).astype(np.int64)
    return [
        (created, False, True, feeling),
        (np.where(u[1] < 0.25, created + (responded - created) // 2, none), True, False, None),
        (responded, True, True, None),
        (np.where(u[2] < 0.45, responded + spare, none), False, True, feeling),
        (np.where((u[3] < 0.55) & (solved != NAT), solved, none), True, True, None),
        (np.where((u[4] < 0.30) & (solved != NAT), solved + spare, none), False, True, thanks),
        (tickets.reopened, False, True, np.full(n, NEGATIVE)),
        (tickets.again, True, True, None),
    ]
