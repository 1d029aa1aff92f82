"""Published files in the ledger: the hash of the manifest of each version.

Several published folders may share a ledger, so a row names its folder, as a path from the ledger's folder:
both may be moved together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from customer_success.ledger import chain
from customer_success.ledger.tables import FILES, table
from customer_success.sql import sql_text

from .hashes import file_hash
from .manifest import MANIFEST, read_manifest
from .places import Places

TABLE = table(FILES)


@dataclass(frozen=True)
class Remembered:
    """A version as noted in the ledger; ``version`` is the name of its folder."""

    version: str
    as_of_date: date
    manifest_hash: str


def record_publication(connection: duckdb.DuckDBPyConnection, places: Places, ledger: Path) -> bool:
    """Note the manifest of the version that readers see now; return whether it was new to the ledger.

    ``connection`` has the file ``ledger`` attached as `ledger`, writable. A version that is known already
    keeps the hash with which it was published. A version without a manifest is not noted.
    """
    folder = places.current.resolve()
    if not (folder / MANIFEST).exists():
        return False
    manifest = read_manifest(folder)
    where = _from_ledger(places, ledger)
    invocation = manifest["publication"]["invocation_id"]
    known = connection.execute(
        f"select 1 from {TABLE} where folder = ? and version = ? and invocation_id = ?",
        [where, folder.name, invocation],
    ).fetchone()
    if known:
        return False
    row = {
        "folder": where,
        "version": folder.name,
        "as_of_date": manifest["publication"]["as_of_date"],
        "invocation_id": invocation,
        "manifest_hash": file_hash(folder / MANIFEST),
    }
    listed = ", ".join(f"{sql_text(value)} as {name}" for name, value in row.items())
    chain.append(
        connection,
        FILES,
        f"select (select coalesce(max(publication_number), 0) + 1 from {TABLE}) as publication_number,"
        f" {listed}",
    )
    return True


def last_publication(places: Places, ledger: Path) -> Remembered | None:
    """Return the last version published to this folder; None where the ledger has none.

    duckdb.Error where the ledger cannot be read.
    """
    if not ledger.exists():
        return None
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(ledger)} as ledger (read_only)")
        try:
            row = connection.execute(
                f"select version, as_of_date, manifest_hash from {TABLE} where folder = ?"
                " order by publication_number desc limit 1",
                [_from_ledger(places, ledger)],
            ).fetchone()
        except duckdb.CatalogException:
            return None  # a ledger from before hashes were kept
    return Remembered(*row) if row else None


def _from_ledger(places: Places, ledger: Path) -> str:
    return Path(os.path.relpath(places.published.resolve(), ledger.resolve().parent)).as_posix()
