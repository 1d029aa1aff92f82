"""The last step of the simulator: its tables as connectors land them, and what must come out of them.

`catalogue`, `stripe*`, `zendesk*`, `hubspot*` and `app` are the sources, `loads` and `moments` what all of
them have in common, `schema` the columns. Every draw comes from generators of its own, so that the
simulated company is the same in either shape.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ..clock import Calendar
from . import app, hubspot, stripe, zendesk
from .catalogue import land_catalogue
from .frames import Block
from .hubspot import land_owners
from .schema import LANDED, TRUTHS
from .zendesk import land_agents

__all__ = ["LANDED", "TRUTHS", "land", "land_fixed"]

_STREAM = 1_000  # beside the streams of a block's own parts, which are its first children
# Land as they are.
_AS_THEY_ARE = (
    *("app.tasks", "cs.lifecycle_overrides", "cs.referral_codes", "cs.referrals", "cs.credits"),
    *("cs.review_requests", "cs.reviews", "cs.advocacy_activities", "cs.deliveries"),
    *("cs.success_plans", "cs.success_criteria"),
)

Landed = tuple[dict[str, pa.Table], dict[str, pa.Table], dict[str, pa.Table]]


def _block(tables: dict[str, pa.Table], calendar: Calendar, number: int) -> Block:
    return Block(calendar, number, {name: table.to_pandas() for name, table in tables.items()})


def land(tables: dict[str, pa.Table], calendar: Calendar, seed: int, number: int) -> Landed:
    """Bring the tables of a block (in the older shape) into the connectors' shape.

    Returns tables, rows apart that come to no model, and truths, each by name.
    """
    asis = {name: table for name, table in tables.items() if name in _AS_THEY_ARE}
    block = _block({name: table for name, table in tables.items() if name not in asis}, calendar, number)
    streams = np.random.SeedSequence(seed, spawn_key=(number, _STREAM)).spawn(4)
    for part, stream in zip((stripe, zendesk, hubspot, app), streams, strict=True):
        part.land(block, np.random.default_rng(stream))
    landed, apart, truths = block.landed()
    return landed | asis, apart, truths


def land_fixed(tables: dict[str, pa.Table], calendar: Calendar) -> Landed:
    """Bring the tables that are written once into the connectors' shape; returns as `land`."""
    block = _block(tables, calendar, -1)
    land_catalogue(block)
    land_agents(block)
    land_owners(block)
    return block.landed()
