"""Several result tables packed into one, for the models that unfold them.

A dbt model is one table. A run makes many, and making each by a run of its own would fit the same model again
and again. So a run hands over rows of (output, row_number, content), content being JSON, and a SQL model for
each output unfolds it, with types and a contract. A later run can unpack what still holds, and pack it again.
A run also hands over the hashes of what it computed, with which the published tables are compared.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

HASHES = "hashes"
SCHEMA = pa.schema([("output", pa.string()), ("row_number", pa.int64()), ("content", pa.string())])


def pack(tables: Mapping[str, pd.DataFrame]) -> pa.Table:
    """Return the rows of all tables as (output, row_number, content); NaN, NaT and NA become null."""
    packed = [SCHEMA.empty_table()]
    for output, table in tables.items():
        columns = {name: _plain(values) for name, values in table.items()}
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        content = [json.dumps(row, allow_nan=False) for row in rows]
        packed.append(pa.table([[output] * len(rows), range(len(rows)), content], schema=SCHEMA))
    return pa.concat_tables(packed)


def unpack(packed: pa.Table) -> dict[str, pd.DataFrame]:
    """Return the tables that were packed, but for those without rows; values are as JSON has them (objects).

    What is unpacked and packed again is the same text, to the last digit.
    """
    rows = packed.to_pandas().sort_values(["output", "row_number"])
    return {
        output: pd.DataFrame([json.loads(content) for content in contents], dtype=object)
        for output, contents in rows.groupby("output")["content"]
    }


def hashes(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row per table: output, how many rows it has, and sha256 of what ``pack`` makes of them."""
    packed = pack(tables).to_pandas()
    contents = {output: rows["content"] for output, rows in packed.groupby("output")}
    rows = [(output, len(table), hash_of(contents.get(output, ()))) for output, table in tables.items()]
    return pd.DataFrame(rows, columns=["output", "rows", "sha256"])


def hash_of(contents: Iterable[str]) -> str:
    """Return SHA-256 of lines of text, in their order."""
    found = hashlib.sha256()
    for content in contents:
        found.update(content.encode() + b"\n")
    return found.hexdigest()


def _plain(values: pd.Series) -> list[object]:
    """Return JSON's own kinds: numbers, text, booleans, lists, null; dates as text."""
    missing = values.isna().to_numpy()
    plain = values.astype(str) if pd.api.types.is_datetime64_any_dtype(values) else values
    return [None if gone else _number(value) for value, gone in zip(plain.tolist(), missing, strict=True)]


def _number(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
