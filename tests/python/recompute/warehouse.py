"""Reading the tables that dbt built, and comparing all of them with the recomputation."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from customer_success.recount.households.core import KEYS

from .compare import CONTRACT, compare

SOURCE_NAMES = ("source", "source_name")
# Columns that a warehouse of older raw data does not have.
OF_CONNECTORS = {
    "dim_subscriptions": ("mrr_list", "mrr_is_unknown", "is_backfilled", "items_are_present_state")
}
TABLE_NAMES = ("table", "table_name", "source_table", "raw_table", "entity")


@dataclass
class Result:
    """The result of one table."""

    table: str
    theirs: int
    ours: int
    differences: list[str] = field(default_factory=list)


def _read(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> pd.DataFrame:
    result = connection.execute(f'select * from "{schema}"."{table}"').to_arrow_table()
    return result.to_pandas(date_as_object=True)


def _places(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        "select table_schema, table_name from information_schema.tables order by 1, 2"
    ).fetchall()
    out: dict[str, list[str]] = {}
    for schema, table in rows:
        out.setdefault(table, []).append(schema)
    return out


def _pick(frame: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in frame.columns), None)


def _with_flags(frame: pd.DataFrame) -> pd.DataFrame:
    """Say whether the MRR is unknown: the words for the reason may differ."""
    if "mrr_unknown_reason" not in frame.columns:
        return frame
    return frame.assign(mrr_is_unknown=frame["mrr_unknown_reason"].notna())


def _with_logins(activity: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Name each event's session by its login: the ids may differ, the sessions may not."""
    logins = dict(zip(sessions["session_id"], sessions["login_at"], strict=True))
    return activity.assign(session_login_at=pd.to_datetime(activity["session_id"].map(logins)))


def _quarantine(
    connection: duckdb.DuckDBPyConnection, ours: pd.DataFrame, places: dict[str, list[str]]
) -> Result:
    """Compare how many rows of each table are in quarantine for each reason."""
    theirs: dict[tuple[str, str, str], int] = {}
    total = 0
    notes = []
    tables = [name for name in places if name.startswith("quarantine_")]
    for name in tables:
        frame = _read(connection, places[name][0], name)
        source = _pick(frame, SOURCE_NAMES)
        table, reason = _pick(frame, TABLE_NAMES), _pick(frame, ("reason", "quarantine_reason"))
        if table is None or reason is None:
            notes.append(f"{name}: no columns for table and reason among {list(frame.columns)}")
            continue
        total += len(frame)
        for row in frame.itertuples(index=False):
            record = dict(zip(frame.columns, row, strict=True))
            origin = record[source] if source else name.removeprefix("quarantine_")
            where = str(record[table]).split(".")[-1]
            key = (origin, where, record[reason])
            theirs[key] = theirs.get(key, 0) + 1
    if not tables:
        notes.append("no quarantine_<source> table found")
    mine = ours.groupby(["source", "table", "reason"]).size().to_dict()
    for key in sorted(mine.keys() | theirs.keys()):
        if mine.get(key, 0) != theirs.get(key, 0):
            notes.append(
                f"quarantine {'.'.join(key[:2])} {key[2]}: ours {mine.get(key, 0)}, "
                f"theirs {theirs.get(key, 0)}"
            )
    return Result("quarantine", total, len(ours), notes)


def _reconciliation(
    connection: duckdb.DuckDBPyConnection,
    counts: pd.DataFrame,
    unlinked: pd.DataFrame,
    places: dict[str, list[str]],
) -> Result | None:
    """Compare the row counts of fct_source_reconciliation, where it names raw tables."""
    name = "fct_source_reconciliation"
    if name not in places:
        return None
    frame = _read(connection, places[name][0], name)
    columns = {"raw_value": "raw", "staged_value": "staged", "quarantined": "quarantined"}
    columns |= {name: name for name in ("superseded", "deleted", "not_live")}
    columns["after_as_of_date"] = "later"
    if not {"source", "entity", "measure", *columns} <= set(frame.columns):
        return Result(name, len(frame), len(counts), [f"{name}: other columns than the contract"])
    rows = frame[frame["measure"].astype(str).str.startswith("row")]
    mine = {f"{c.source}.{c.table}": c for c in counts.itertuples(index=False)}
    notes, met = [], 0
    for row in rows.itertuples(index=False):
        own = mine.get(f"{row.source}.{str(row.entity).split('.')[-1]}")
        if own is None:
            continue
        met += 1
        for theirs, ours in columns.items():
            if pd.notna(getattr(row, theirs)) and int(getattr(row, theirs)) != getattr(own, ours):
                notes.append(
                    f"{row.source}.{row.entity} {theirs}: ours {getattr(own, ours)}, "
                    f"theirs {getattr(row, theirs)}"
                )
    for column in unlinked.columns.intersection(frame.columns):
        theirs, mine = frame[column].dropna().astype(float).sum(), float(unlinked[column].iloc[0])
        if theirs != mine:
            notes.append(f"{name}.{column}: ours {mine}, theirs {theirs}")
    return Result(f"{name} ({met} tables met)", len(rows), len(counts), notes)


def compare_all(
    ours: dict[str, pd.DataFrame], database: str | Path, schema: str = "analytics"
) -> list[Result]:
    """Compare every recomputed table with the one in a DuckDB file."""
    results = []
    with duckdb.connect(str(database), read_only=True) as connection:
        places = _places(connection)
        sessions: pd.DataFrame | None = None
        if schema in places.get("fct_user_sessions", []):
            sessions = _read(connection, schema, "fct_user_sessions")
        for table, keys in KEYS.items():
            if schema not in places.get(table, []):
                note = f"{table}: not in schema {schema}"
                results.append(Result(table, 0, len(ours[table]), [note]))
                continue
            theirs = _read(connection, schema, table)
            columns = CONTRACT[table].split()
            theirs, mine = _with_flags(theirs), _with_flags(ours[table])
            columns += [column for column in OF_CONNECTORS.get(table, ()) if column in theirs.columns]
            if table == "fct_household_activity" and sessions is not None:
                theirs = _with_logins(theirs, sessions)
                columns.append("session_login_at")
            notes = compare(table, mine, theirs, keys, columns)
            results.append(Result(table, len(theirs), len(ours[table]), notes))
        results.append(_quarantine(connection, ours["quarantine"], places))
        reconciled = _reconciliation(connection, ours["counts"], ours["unlinked"], places)
        if reconciled is not None:
            results.append(reconciled)
    return results
