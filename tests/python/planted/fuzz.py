"""Random damage to raw tables, the same for the same seed: what sources and connectors do on a bad day."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from datetime import timedelta

import pyarrow as pa
from harness import RawFolder

ODD_TEXTS = ("", " ", "NULL", "'; drop table x", "=1+1", "ÄÖ \U0001f436", "a" * 300)
LARGEST = 0.02  # share of the rows of a table that one kind of damage hits at most
KINDS = 3  # of damage per table
# When the data were made, and what currencies were worth: not what anybody types.
SPARED = ("meta",)


def fuzzed(seed: int) -> Callable[[RawFolder], None]:
    """Return what damages each table of a raw folder in a few ways of its own, drawn by ``seed``."""

    def change(raw: RawFolder) -> None:
        for name in raw.tables():
            if name.split(".")[0] not in SPARED:
                rows = raw.read(name)
                if rows.num_rows:
                    raw.write(name, damaged(rows, random.Random(zlib.crc32(f"{seed} {name}".encode()))))

    return change


def damaged(rows: pa.Table, draw: random.Random) -> pa.Table:
    """Return the rows in another order and with a few kinds of damage."""
    found = rows.to_pylist()
    for _ in range(KINDS):
        some = draw.sample(range(len(found)), max(1, int(len(found) * draw.uniform(0, LARGEST))))
        draw.choice(DAMAGE)(found, some, rows.schema, draw)
    draw.shuffle(found)
    return pa.Table.from_pylist(found, schema=rows.schema)


def _column(schema: pa.Schema, draw: random.Random, fits: Callable[[pa.DataType], bool]) -> str | None:
    names = [field.name for field in schema if fits(field.type)]
    return draw.choice(names) if names else None


def _emptied(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """A value is missing, be it a key."""
    name = draw.choice(schema.names)
    for at in some:
        rows[at] = rows[at] | {name: None}


def _repeated(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """A row is delivered twice, the second time perhaps with the value of another row."""
    name = draw.choice(schema.names)
    rows += [rows[at] | ({name: draw.choice(rows)[name]} if draw.random() < 0.5 else {}) for at in some]


def _lost(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """Rows never arrive."""
    if len(some) < len(rows):
        for at in sorted(some, reverse=True):
            del rows[at]


def _moved(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """A moment is days off."""
    name = _column(schema, draw, pa.types.is_timestamp)
    for at in some if name else ():
        if rows[at][name] is not None:
            rows[at] = rows[at] | {name: rows[at][name] + timedelta(days=draw.uniform(-40, 3))}


def _exchanged(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """A row has the value of another: somebody else's household, price, status."""
    name = draw.choice(schema.names)
    for at in some:
        rows[at] = rows[at] | {name: draw.choice(rows)[name]}


def _retyped(rows: list[dict], some: list[int], schema: pa.Schema, draw: random.Random) -> None:
    """A text is typed in another way, or is nonsense."""
    name = _column(schema, draw, lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind))
    for at in some if name else ():
        text = rows[at][name]
        known = [] if text is None else [text.upper(), f" {text} ", text[:-1]]
        rows[at] = rows[at] | {name: draw.choice([*ODD_TEXTS, *known])}


DAMAGE = (_emptied, _repeated, _lost, _moved, _exchanged, _retyped)
