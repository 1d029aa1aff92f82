"""What became of each raw row, by the recount's reading and by the base models and quarantine tables."""

from __future__ import annotations

import duckdb

from customer_success.publish.gate import Problem
from customer_success.recount.reading.contract import RawTable

EVENTS = "product.events"


def compare_verdicts(connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable) -> list[Problem]:
    """Compare base model and quarantine table with the reading: row key, class, reason, and the row as JSON."""
    source, name = table.name.split(".")
    base = f"staging.base_{table.flat_name}"
    quarantine = f"quarantine.quarantine_{source}"
    key = ", ".join(f'"{column}"' for column in table.key)
    text = f"concat_ws('|', {key})"
    # A base model of events holds no row that is later, and judges a row once: JSON may since have more columns.
    judged = "row_class <> 'later'" if table.name == EVENTS else "true"
    json = "row_json is not null" if table.name == EVENTS else "cast(row_json as varchar)"
    problems = _compare(
        connection,
        base,
        f"select {text} as row_key, row_class as verdict, reason from raw_read.{table.flat_name} where {judged}",
        f"select {text} as row_key, {_class_of_base(table)} as verdict, quarantine_reason as reason"
        f" from {catalog}.{base}",
        f"models/staging/{source}/base/base_{table.flat_name}.sql",
    )
    problems += _compare(
        connection,
        quarantine,
        f"select {text} as row_key, '{table.name}' as verdict, reason, {json} as row"
        f" from raw_read.{table.flat_name} where row_class = 'quarantined'",
        f"select row_key, source_name || '.' || table_name as verdict, reason, {json} as row"
        f" from {catalog}.{quarantine} where table_name = '{name}'",
        f"models/quarantine/quarantine_{source}.sql",
    )
    return problems + _compare_loads(connection, catalog, table, judged)


def _class_of_base(table: RawTable) -> str:
    first = "is_duplicate then 'duplicate'" if table.name == EVENTS else "is_later then 'later'"
    return f"case when {first} when quarantine_reason is not null then 'quarantined' else 'kept' end"


def _compare(
    connection: duckdb.DuckDBPyConnection, what: str, raw: str, built: str, file: str
) -> list[Problem]:
    sums = "select count(*), sum(hash(*columns(*))) from ({})"
    try:
        raw_rows, ours = connection.execute(sums.format(raw)).fetchone()
        rows, theirs = connection.execute(sums.format(built)).fetchone()
    except duckdb.CatalogException as problem:
        return [Problem(f"staging_equals_raw: {what}", "fail", f"{what}: {problem}", file)]
    if (raw_rows, ours) == (rows, theirs):
        return []
    alone = "select row_key, verdict, reason from (({}) except all ({})) order by all limit 1"
    said = [
        f"{side} {row[0]} is {' '.join(filter(None, row[1:]))}"
        for side, row in (
            ("by raw", connection.execute(alone.format(raw, built)).fetchone()),
            ("there", connection.execute(alone.format(built, raw)).fetchone()),
        )
        if row
    ]
    message = f"{what} has {rows:,} rows, and raw says {raw_rows:,}; first that differs: {', '.join(said)}."
    return [Problem(f"staging_equals_raw: {what}", "fail", message, file)]


def _compare_loads(
    connection: duckdb.DuckDBPyConnection, catalog: str, table: RawTable, judged: str
) -> list[Problem]:
    """Freshness is read from the latest load time of a base model."""
    if "_fivetran_synced" not in table.columns:
        return []
    base = f"staging.base_{table.flat_name}"
    latest = "select max(_fivetran_synced) from "
    raw = connection.execute(f"{latest} raw_read.{table.flat_name} where {judged}").fetchone()[0]
    staged = connection.execute(f"{latest} {catalog}.{base}").fetchone()[0]
    # Events are judged once: a connector that loads history again makes raw the later one.
    fresher = staged is not None and (raw is None or staged > raw)
    if fresher or (staged != raw and table.name != EVENTS):
        message = f"{base} says that rows were loaded until {staged}, raw {table.name} until {raw}."
        file = f"models/staging/{table.name.split('.')[0]}/base/base_{table.flat_name}.sql"
        return [Problem(f"staging_equals_raw: {base}", "fail", message, file)]
    return []
