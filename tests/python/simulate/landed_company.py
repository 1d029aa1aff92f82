"""The simulated company in both shapes beside each other, and how its landed tables are read."""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.simulate.landing import LANDED

KEYS = {
    "stripe.subscription_history": "id || '|' || _fivetran_start",
    "hubspot.owner": "owner_id",
    "cs.csms": "email",
    "cs.referral_codes": "referral_code",
    "cs.deliveries": "message_key",
}


def opened(landed: Path, older: Path) -> duckdb.DuckDBPyConnection:
    """Open both shapes: tables as they land, in schemas ``older_…`` under the older names, and ``truth``."""
    connection = duckdb.connect()
    for prefix, root in (("", landed / "raw"), ("older_", older / "raw")):
        for file in sorted(root.glob("*/*.parquet")):
            schema = prefix + file.parent.name
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create view {schema}.{file.stem} as select * from '{file}'")
    connection.execute("create schema truth")
    connection.execute(f"create view truth.bad_rows as from '{landed / 'truth' / 'bad_rows.parquet'}'")
    for file in sorted((landed / "truth" / "connectors").glob("*.csv")):
        rows = f"from read_csv('{file}', header = true, all_varchar = true)"
        connection.execute(f"create view truth.{file.stem} as {rows}")
    return connection


def key_of(table: str) -> str:
    """Return the key of a landed table in SQL."""
    return KEYS.get(table, "engagement_id" if "engagement_id" in LANDED[table].names else "id")


def loaded_at(table: str) -> str:
    return next(name for name in LANDED[table].names if name.endswith("fivetran_synced"))


def standing(table: str, columns: str = "*") -> str:
    """Return SQL of the rows that stand: the last load of each key, not deleted, not a test, not rejected."""
    source, name = table.split(".")
    names, key = LANDED[table].names, key_of(table)
    flags = [f"not {flag}" for flag in ("_fivetran_deleted", "is_deleted") if flag in names]
    flags += ["livemode"] if "livemode" in names else []
    of_table = f"source = '{source}' and \"table\" = '{name}' and row_key is not null"
    rejected = f"""
        select row_key from truth.rows where {of_table} and row_class in ('quarantined', 'erased')
        union all select row_key from truth.bad_rows where {of_table} and reason <> 'superseded'"""
    return f"""
        select {columns} from {table}
        where {key} is not null and {key} not in ({rejected}) and {" and ".join(flags or ["true"])}
        qualify row_number() over (partition by {key} order by {loaded_at(table)} desc) = 1"""


def must_be_the_same(connection: duckdb.DuckDBPyConnection, ours: str, theirs: str) -> None:
    """Fail unless two queries have the same rows, and at least one."""
    alone = [
        connection.sql(f"({one}) except all ({other}) limit 5").fetchall()
        for one, other in ((ours, theirs), (theirs, ours))
    ]
    assert alone == [[], []]
    assert connection.sql(f"select count(*) from ({theirs})").fetchone()[0] > 0
