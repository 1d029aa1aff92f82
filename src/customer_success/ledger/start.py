"""What the build command does with the ledger before dbt starts, and how to restart a lost ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from customer_success.publish import UNREADABLE, Places, published_version
from customer_success.publish.gate import Problem
from customer_success.sql import sql_text

from . import chain
from .opening import HeadsDiffer, LedgerUnreadable, opened
from .tables import KINDS, VALUES, table
from .verify import FILE, WAY_OUT, against, has_tables, is_unchained, verify


def settle(places: Places, ledger: Path) -> list[str]:
    """Bring the ledger to the state of the published version; return what was done, a sentence each.

    A ledger from before there were chains gets them. A publication whose build was killed before it could
    note it is noted now: the working database has it until the next build.
    """
    if not ledger.exists():
        return []
    try:
        published = published_version(places)
    except UNREADABLE:
        return []  # the check of the published files reports it
    messages = []
    try:
        with opened(ledger, write=True) as connection:
            if not (published and published.get("ledger_heads")):
                messages += _chain_old_rows(connection)
            waits = (
                published and _is_pending(connection, published["invocation_id"]) and not verify(connection)
            )
        if waits and _is_built(places.database, published["invocation_id"]):
            # Imported here because it imports scikit-learn.
            from .record import record

            try:
                record(places.database, ledger, places)
            except HeadsDiffer:
                return (
                    messages  # the working database has changed since; check_ledger reports what is missing
                )
            messages.append(
                f"The build as of {published['as_of_date']} was published, and it ended before being noted:"
                " it has now been noted."
            )
    except LedgerUnreadable:
        return messages  # check_ledger reports it
    return messages


def check_ledger(places: Places, ledger: Path) -> list[Problem]:
    """Return what is wrong with the ledger, in itself and against the published version."""
    try:
        published = published_version(places)
    except UNREADABLE:
        published = None  # the check of the published files reports it
    if not ledger.exists():
        if published is None:
            return []
        message = (
            f"{ledger} is not there, but a version as of {published['as_of_date']} was published. {WAY_OUT}"
        )
        return [Problem("ledger", "fail", message, FILE)]
    try:
        with opened(ledger) as connection:
            if not has_tables(connection):
                if published is None or (not published.get("ledger_heads") and is_unchained(connection)):
                    return []
                message = f"{ledger} is not the ledger of the published version: it has no chains. {WAY_OUT}"
                return [Problem("ledger", "fail", message, FILE)]
            return verify(connection) + (against(connection, published) if published else [])
    except LedgerUnreadable as problem:
        return [Problem("ledger", "fail", f"{problem} {WAY_OUT}", FILE)]


def prove_ledger(candidate) -> list[Problem]:
    """Return unexpected changes of the ledger while dbt ran; ``candidate`` is a `proofs.Candidate`.

    dbt has it open for writing, and may add households that it has seen; nothing else.
    """
    return check_ledger(candidate.places, candidate.ledger)


def restart(places: Places, ledger: Path, reason: str) -> str:
    """Restart all chains over the rows that the ledger still has; return what was done.

    The old file is kept next to it. The first entry of each chain keeps the reason and the head of
    the published version that it replaces.
    """
    published = published_version(places) or {}
    kept = None
    if ledger.exists():
        number = 1 + len(list(ledger.parent.glob(f"{ledger.name}.before-restart-*")))
        kept = ledger.with_name(f"{ledger.name}.before-restart-{number}")
        readable = _is_readable(ledger)
        shutil.copy2(ledger, kept)
        if not readable:
            ledger.unlink()
    with opened(ledger, write=True) as connection:
        connection.begin()
        for name in ("chain", "chain_leaves", "household_salts", "pending"):
            connection.execute(f"delete from {table(name)}")
        chain.make_salts(connection, "select null as household_id")
        for kind in KINDS:
            connection.execute(
                f"insert into {table('chain_leaves')} by name select '{kind}' as kind, 1 as sequence,"
                f" {chain.leaf(kind)} as leaf {chain.lines(kind, table(kind))}"
            )
            values = {
                "invocation": "null",
                "as_of_date": _text(str(published["as_of_date"])) if published else "null",
                "replaces": _text(published.get("ledger_head")),
                "note": _text(reason),
            }
            connection.execute(chain.entry_script(kind, "restart", **values))
        rows = connection.execute(f"select sum(row_count) from {table('chain')}").fetchone()[0]
        connection.commit()
    where = f" The file as it was: {kept}." if kept else ""
    return f"The chains of {ledger} are restarted over {int(rows):,} rows.{where}"


def _chain_old_rows(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make a chain for each kind that has none yet; only a ledger from before chains needs that."""
    known, rows = chain.heads(connection), 0
    connection.begin()
    chain.make_salts(connection, "select null as household_id")
    for kind in KINDS:
        if kind not in known:
            day = f"(select max(as_of_date) from {table(VALUES)})"
            nothing = f"select * from {table(kind)} where false"
            connection.execute(chain.append_script(kind, nothing, "null", day, entry="migration"))
            rows += connection.execute(f"select count(*) from {table(kind)}").fetchone()[0]
    connection.commit()
    if not rows:
        return []
    return [f"The ledger had no hash chain yet: its {rows:,} rows are now the first batches of one."]


def _is_pending(connection: duckdb.DuckDBPyConnection, invocation_id: str) -> bool:
    query = f"select count(*) from {table('pending')} where invocation_id = ?"
    return connection.execute(query, [invocation_id]).fetchone()[0] > 0


def _is_built(database: Path, invocation_id: str) -> bool:
    """Whether the working database still has the build of this run of dbt."""
    if not database.exists():
        return False
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            built = connection.execute("select any_value(invocation_id) from analytics.fct_metric_values")
            return built.fetchone()[0] == invocation_id
    except duckdb.CatalogException:
        return False


def _is_readable(ledger: Path) -> bool:
    try:
        with opened(ledger, write=True):  # writes its log into the file
            return True
    except LedgerUnreadable:
        return False


def _text(words: str | None) -> str:
    return "null" if words is None else sql_text(words)
