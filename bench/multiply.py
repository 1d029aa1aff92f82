"""A built company many times over: the tables that some models read, with each household copied.

A copy has ids of its own, and so the copies are households, users, tickets and subscriptions like any other.
Whatever is no id stays as it is: dates, plans, owners, words. Building these tables from raw data of the same
size would take many times as long as the models that are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from customer_success.sql import sql_text

# Columns that name something of one household. Owners, staff and products are the company's.
OWN_ID = re.compile(
    "(household|owner_user|referrer_household|referred_household|user|pet|task|event|session|message|contact"
    "|company|check_in|override|criterion|ticket|requester|desk_user|organization|comment|response|invitation"
    "|subscription|customer|invoice|charge|refund|referral|request|review|activity)_id|message_key|reference_id"
)
LARGE = "__large"
EMAIL = "email"  # its tag after a plus sign would not make it another address


def inputs_of(manifest: dict, models: Iterable[str]) -> list[dict]:
    """Models of dbt's manifest that some models, by unique id, read without being among them."""
    nodes, measured = manifest["nodes"], set(models)
    read = {parent for name in measured for parent in nodes[name]["depends_on"]["nodes"]} - measured
    return [nodes[name] for name in sorted(read) if nodes[name]["resource_type"] == "model"]


def multiply(database: Path, nodes: Iterable[dict], times: int, memory: str) -> dict[str, int]:
    """Replace tables and views of the database by tables with so many copies; return their rows by name."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"set memory_limit = {sql_text(memory)}; set threads = 2")
        connection.execute("set preserve_insertion_order = false; set TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        # All are written before any is replaced, since a view may read a table that is replaced too.
        written = [node for node in nodes if _write_large(connection, node, times)]
        for node in written:
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            connection.execute(f"drop {kind} {_place(node)}")
            connection.execute(f'alter table {_place(node, LARGE)} rename to "{node["alias"]}"')
        connection.execute("checkpoint")
        counts = {node["name"]: f"select count(*) from {_place(node)}" for node in written}
        return {name: connection.execute(count).fetchone()[0] for name, count in counts.items()}


def _place(node: dict, ending: str = "") -> str:
    return f'"{node["schema"]}"."{node["alias"]}{ending}"'


def _write_large(connection: duckdb.DuckDBPyConnection, node: dict, times: int) -> bool:
    """Write the copies beside a relation, or return False where it has nothing of a household."""
    names = [name for name, *_ in connection.execute(f"describe {_place(node)}").fetchall()]
    changed = [f'"{name}" || \'#\' || copy as "{name}"' for name in names if OWN_ID.fullmatch(name)]
    if EMAIL in names:
        changed.append(f"copy || '.' || {EMAIL} as {EMAIL}")
    if changed:
        connection.execute(
            f"create table {_place(node, LARGE)} as select * exclude (copy) from (select * replace"
            f" ({', '.join(changed)}) from {_place(node)} cross join range({times}) as copies (copy))"
        )
    return bool(changed)
