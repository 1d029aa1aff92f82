"""Scorecards: those of the build, and those that files propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import duckdb

from .refusal import Refusal

# Scorecards that the stored parts determine: each part is known or unknown, never partly known.
RECOMPUTED = ("guide_v1", "value_v2")
BUILT = {"health_parts": "rules.health_parts", "health_bands": "rules.health_bands"}


@dataclass(frozen=True)
class Scorecard:
    """Weights (part -> 0-1, sum 1) and bands (name -> lowest and highest score, 0-100 without gaps)."""

    weights: Mapping[str, Decimal]
    bands: Mapping[str, tuple[int, int]]


def present_scorecards(connection: duckdb.DuckDBPyConnection) -> dict[str, Scorecard]:
    """The scorecards of the build, by name; Refusal where their rules are not in the database."""
    weights: dict[str, dict[str, Decimal]] = {}
    bands: dict[str, dict[str, tuple[int, int]]] = {}
    for model, part, weight in fetch(
        connection, "select health_model, part, weight from rules.health_parts order by all"
    ):
        weights.setdefault(model, {})[part] = weight
    for model, band, low, high in fetch(
        connection,
        "select health_model, band, min_score, max_score from rules.health_bands order by 1, 3 desc",
    ):
        bands.setdefault(model, {})[band] = (low, high)
    return {model: Scorecard(of, bands.get(model, {})) for model, of in weights.items()}


def proposed_scorecards(
    connection: duckdb.DuckDBPyConnection,
    present: Mapping[str, Scorecard],
    weights: Mapping[str, Mapping[str, Decimal]],
    bands: Mapping[str, Mapping[str, tuple[int, int]]],
) -> dict[str, Scorecard]:
    """The scorecards in the files; what the files leave out stays as at present.

    Refusal for an unknown scorecard or part.
    """
    proposed = {}
    for model in sorted({*weights, *bands}):
        if model not in present:
            raise Refusal(f"There is no scorecard {model}; there are {', '.join(sorted(present))}.")
        changed = present[model]
        if model in bands:
            changed = replace(changed, bands=bands[model])
        if model in weights:
            known = _stored_parts(connection) if model in RECOMPUTED else set(present[model].weights)
            strange = sorted(set(weights[model]) - known)
            if strange:
                raise Refusal(f"{model}: there is no part {', '.join(strange)}; {_are(known)}.")
            changed = replace(changed, weights=weights[model])
        proposed[model] = changed
    return proposed


def propose(connection: duckdb.DuckDBPyConnection, model: str, proposed: Scorecard) -> dict[str, str]:
    """Write a proposed scorecard into temporary tables like those of its seeds; return them by seed."""
    tables = {seed: f"proposed_{seed}" for seed in BUILT}
    for seed, table in tables.items():
        fetch(connection, f"create or replace temp table {table} as from {BUILT[seed]} limit 0")
    for part, weight in proposed.weights.items():
        columns = "health_model, part, weight"
        fetch(
            connection,
            f"insert into {tables['health_parts']} ({columns}) values (?, ?, ?)",
            [model, part, weight],
        )
    for band, (low, high) in proposed.bands.items():
        columns = "health_model, band, min_score, max_score"
        fetch(
            connection,
            f"insert into {tables['health_bands']} ({columns}) values (?, ?, ?, ?)",
            [model, band, low, high],
        )
    return tables


def rule_rows(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, str], seed: str, where: str, order_by: str
) -> list[dict[str, object]]:
    """The rows of a seed that meet a condition, in an order; ``tables`` has the table of each seed."""
    rows = connection.execute(f"select * from {tables[seed]} where {where} order by {order_by}")
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _are(names: set[str]) -> str:
    return f"there are {', '.join(sorted(names))}"


def _stored_parts(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Parts of which the score is stored, by their columns."""
    found = fetch(
        connection,
        "select column_name from information_schema.columns where table_schema = 'intermediate'"
        " and table_name = 'int_health_parts' and data_type = 'DECIMAL(12,9)'",
    )
    return {name for (name,) in found}


def fetch(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence = ()) -> list[tuple]:
    """The rows of a query; Refusal where a table or column is missing."""
    try:
        return connection.execute(query, list(parameters)).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as problem:
        message = str(problem).splitlines()[0]
        raise Refusal(
            f"The health tables of the database are not those of this project: {message}"
        ) from problem
