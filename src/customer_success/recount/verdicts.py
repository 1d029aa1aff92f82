"""The class of each raw row, by the recount's reading and by the base models and quarantine tables."""

from __future__ import annotations

import duckdb

from customer_success.publish.gate import Problem
from customer_success.recount.reading.contract import RawTable

EVENTS = "product.events"


def compare_verdicts(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> list[Problem]:
    """Compare base model and quarantine table with the reading: key, class, reason, the row as JSON."""
    source = table.name.split(".")[0]
    base = f"models/staging/{source}/base/base_{table.flat_name}.sql"
    quarantine = f"models/quarantine/quarantine_{source}.sql"
    found = []
    for compare, file in (
        (_compare_kept, base),
        (_compare_others, base),
        (_compare_quarantine, quarantine),
        (_compare_loads, base),
    ):
        try:
            message = compare(connection, catalog, table)
        except duckdb.CatalogException as problem:
            message = f"The classes of {table.name} cannot be read: {problem}"
        if message:
            found.append(Problem(f"staging against raw: {table.name}", "fail", message, file))
    return found


def _key(table: RawTable) -> str:
    return "concat_ws('|', {})".format(", ".join(f'"{column}"' for column in table.key))


def _classified(table: RawTable) -> str:
    """Return a condition on the rows that a base model has: that of events has no later ones."""
    return "row_class <> 'later'" if table.name == EVENTS else "true"


CLASS_OF_BASE = "case row_class when 'staged' then 'kept' when 'erased' then 'quarantined' else row_class end"


def _compare_kept(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> str | None:
    """Compare the rows that a base model keeps with the staged rows; another proof compares their values."""
    base, model = f"staging.base_{table.flat_name}", f"staging.stg_{table.flat_name}"
    passes = "is_readable" if table.is_referred_to else "row_class = 'staged'"
    passing, staged = connection.execute(
        f"select (select count(*) from {catalog}.{base} where {passes}),"
        f" (select count(*) from {catalog}.{model})"
    ).fetchone()
    return None if passing == staged else f"{base} lets {passing:,} rows pass, and {model} has {staged:,}."


def _compare_others(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> str | None:
    base = f"staging.base_{table.flat_name}"
    return _compare(
        connection,
        f"{base} holds back",
        f"select {_key(table)} as row_key, row_class as verdict, reason from raw_read.{table.flat_name}"
        f" where row_class <> 'kept' and {_classified(table)}",
        f"select {_key(table)} as row_key, {CLASS_OF_BASE} as verdict, quarantine_reason as reason"
        f" from {catalog}.{base} where verdict <> 'kept'",
    )


def _compare_quarantine(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> str | None:
    source, name = table.name.split(".")
    quarantine = f"quarantine.quarantine_{source}"
    # An event is checked once: raw may have more columns since, and its row as JSON would differ.
    json = "row_json is not null" if table.name == EVENTS else "cast(row_json as varchar)"
    return _compare(
        connection,
        f"{quarantine}, of {name},",
        f"select {_key(table)} as row_key, row_class as verdict, reason, {json} as row"
        f" from raw_read.{table.flat_name} where row_class = 'quarantined'",
        f"select row_key, 'quarantined' as verdict, reason, {json} as row"
        f" from {catalog}.{quarantine} where source_name = '{source}' and table_name = '{name}'",
    )


def _compare(connection: duckdb.DuckDBPyConnection, what: str, raw: str, built: str) -> str | None:
    """Return what differs between two queries of (row_key, verdict, reason, …); None where nothing does."""
    sums = "select count(*), sum(hash(*columns(*))) from ({})"
    raw_rows, ours = connection.execute(sums.format(raw)).fetchone()
    rows, theirs = connection.execute(sums.format(built)).fetchone()
    if (raw_rows, ours) == (rows, theirs):
        return None
    alone = "select row_key, verdict, reason from (({}) except all ({})) order by all limit 1"
    differences = [
        f"{side} has {row[0]} as {' '.join(filter(None, row[1:]))}"
        for side, query in (("raw", alone.format(raw, built)), ("the table", alone.format(built, raw)))
        if (row := connection.execute(query).fetchone())
    ]
    return f"{what} {rows:,} rows, and raw gives {raw_rows:,}; first difference: {', '.join(differences)}."


def _compare_loads(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> str | None:
    """Freshness is read from the latest load time of a base model."""
    if "_fivetran_synced" not in table.columns:
        return None
    base = f"staging.base_{table.flat_name}"
    raw = f"raw_read.{table.flat_name} where {_classified(table)}"
    loaded, staged = connection.execute(
        f"select (select max(_fivetran_synced) from {raw}),"
        f" (select max(_fivetran_synced) from {catalog}.{base})"
    ).fetchone()
    # Events are checked once: if a connector loads history again, the load time in raw is later.
    fresher = staged is not None and (loaded is None or staged > loaded)
    if fresher or (staged != loaded and table.name != EVENTS):
        return f"{base} has rows loaded until {staged}, raw {table.name} until {loaded}."
    return None
