"""Moments and words as exports write them: with offsets, as epochs, in other case."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frames import Block, some

_PLAIN = "%Y-%m-%d %H:%M:%S.%f"
_SHARES = (0.94, 0.02, 0.02, 0.01, 0.01)  # plain, +02:00, Z, epoch seconds, epoch milliseconds


def _written(moment: pd.Timestamp, way: int) -> str:
    if way == 1:
        return (moment + pd.Timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "+02:00"
    if way == 2:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    microseconds = moment.value // 1_000
    if way == 3 and microseconds % 1_000_000 == 0:
        return str(microseconds // 1_000_000)
    if way == 4 and microseconds % 1_000 == 0:
        return str(microseconds // 1_000)
    return moment.strftime(_PLAIN)


def write_moments(block: Block, table: str, columns: tuple[str, ...], rng: np.random.Generator) -> None:
    """Turn columns of moments into text; those that have an offset or are epochs are in the truth."""
    rows = block.tables[table]
    for column in columns:
        values = rows[column]
        ways = np.searchsorted(np.cumsum(_SHARES)[:-1], rng.random(len(rows)), side="right")
        known = np.flatnonzero(values.notna())[: len(_SHARES)]
        ways[known] = np.arange(len(known))  # each way at least once
        text = values.dt.strftime(_PLAIN).astype(object).where(values.notna(), None)
        odd = np.flatnonzero((ways > 0) & values.notna().to_numpy())
        for at in odd:
            text.iloc[at] = _written(values.iloc[at], ways[at])
        rows[column] = text
        _tell(block, table, column, rows["id"].iloc[odd], text.iloc[odd], values.iloc[odd].astype(str))


def write_words(block: Block, table: str, column: str, changes: tuple, rng: np.random.Generator) -> None:
    """Write a few values in another case or with blanks around them; which, is in the truth."""
    rows = block.tables[table]
    known = rows[rows[column].notna()]
    for change in changes:
        at = some(known, 0.01, rng)
        rows.loc[at, column] = [change(word.strip()) for word in rows.loc[at, column]]
    odd = rows[column].notna() & (rows[column] != known[column].reindex(rows.index))
    _tell(block, table, column, rows.loc[odd, "id"], rows.loc[odd, column], known.loc[odd[odd].index, column])


def _tell(block: Block, table: str, column: str, keys, written, means) -> None:
    source, name = table.split(".")
    said = {"source": source, "table": name, "row_key": keys, "column": column}
    block.tell("values", pd.DataFrame(said | {"written": written, "means": means}))
