"""Writes a version of the published files, checks it, and swaps it in.

A version is a folder with `analytics.duckdb`, one Parquet file per mart, `analytics_restricted.duckdb`, and a
manifest of their hashes. It is written under a name without readers, checked, flushed to disk, and becomes
current by one rename. Readers that have a file of the version before open keep it; the version before that is
removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from customer_success.sql import sql_text

from .audit import FILES, PUBLICATION, audit, restricted_columns
from .catalogue import SCHEMA, Mart
from .hashes import file_hash, table_hash
from .locking import lock
from .manifest import write_manifest
from .places import ANALYTICS, PARQUET, RESTRICTED, Places, memory_limit

PARTIAL = ".partial"
UNREADABLE = (duckdb.Error, IndexError)  # errors of reading a damaged `publication`


@dataclass(frozen=True)
class Publication:
    """The row of table `publication`: the inputs of a version, and its checks."""

    as_of_date: date
    built_at: datetime
    git_commit: str
    dataset: str
    tests_passed: int
    validations_passed: int
    validations_warned: int
    invocation_id: str
    ledger_head: str
    ledger_heads: str


def published_version(places: Places) -> dict | None:
    """Return the row of `publication` that readers see now, as a dictionary; None before the first one.

    Raises one of `UNREADABLE` where the file or its row has been damaged.
    """
    if not places.analytics.exists():
        return None
    with duckdb.connect(str(places.analytics), read_only=True) as connection:
        return connection.execute(f"from {PUBLICATION}").to_arrow_table().to_pylist()[0]


def publish(places: Places, marts: Sequence[Mart], publication: Publication) -> Path:
    """Publish the working database and return the folder of the new version.

    The working database is only read, and must not be open for writing. Raises `PublicationFailed` if the
    written version differs from it, and `locking.Busy` if another build is publishing to the same folder.
    Until the swap, even if the process ends, readers keep what they had.
    """
    with lock(places.versions / ".lock", "Another build is publishing to the same folder"):
        before = places.current.resolve() if places.current.is_symlink() else None
        _remove_all_but(places, {before})
        number = 1 + _highest_number(places)
        partial = places.versions / f"{number:06d}{PARTIAL}"
        (partial / PARQUET).mkdir(parents=True)
        _write_analytics(partial, places.database, marts, publication)
        _write_restricted(partial, places.database, marts)
        audit(partial, places.database, marts, asdict(publication))
        write_manifest(partial, f"{number:06d}", asdict(publication))
        _bring_to_disk(partial)
        version = partial.rename(places.versions / f"{number:06d}")
        _swap(places, version)
        keep_before = before is not None and not _has_erased_households(before, places.database)
        _remove_all_but(places, {version, before if keep_before else None})
        if keep_before:
            (before / RESTRICTED).unlink(missing_ok=True)
        return version


def _write_analytics(folder: Path, database: Path, marts: Iterable[Mart], publication: Publication) -> None:
    """Write the public columns, as one DuckDB file and as Parquet from that file."""
    row = asdict(publication)
    stamp = ", ".join(
        f"{name}: {sql_text(row[name])}" for name in ("as_of_date", "built_at", "invocation_id")
    )
    with _new_file(folder / ANALYTICS, database) as connection:
        for mart in marts:
            if mart.is_public:
                _copy(connection, mart, mart.columns)
        connection.execute(
            f"insert into {PUBLICATION} ({', '.join(row)}) values ({', '.join('?' for _ in row)})",
            list(row.values()),
        )
        public = [mart for mart in marts if mart.is_public]
        # The table with the hashes of the others is last.
        for mart in sorted(public, key=lambda mart: mart.name == FILES):
            if mart.name == FILES:
                _note_hashes(connection, folder / PARQUET, public)
            connection.execute(
                f"copy {mart.name} to {sql_text(folder / PARQUET / f'{mart.name}.parquet')}"
                f" (format parquet, compression zstd, compression_level 1, kv_metadata {{{stamp}}})"
            )


def _note_hashes(connection: duckdb.DuckDBPyConnection, parquet: Path, marts: Iterable[Mart]) -> None:
    """Fill `publication_files`: rows and hash of each other table, and the hash of its Parquet file."""
    for mart in marts:
        if mart.name == FILES:
            continue
        found = table_hash(connection, mart.name, mart.columns)
        connection.execute(
            f"insert into {FILES} (table_name, row_count, content_hash, parquet_sha256) values (?, ?, ?, ?)",
            [mart.name, *found, file_hash(parquet / f"{mart.name}.parquet")],
        )


def _write_restricted(folder: Path, database: Path, marts: Iterable[Mart]) -> None:
    """Write the personal columns by key, readable for the owner alone from the first byte on.

    A table with public columns gives only its key and its personal columns; other tables are copied whole.
    """
    with _private_files(), _new_file(folder / RESTRICTED, database) as connection:
        for mart in marts:
            if mart.personal:
                _copy(connection, mart, restricted_columns(mart))


@contextmanager
def _new_file(file: Path, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new database file with the working database attached; flushed and closed at the end."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"set memory_limit = {sql_text(memory_limit())}")
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {sql_text(database)} as working (read_only)")
        yield connection
        connection.execute("checkpoint")


@contextmanager
def _private_files() -> Iterator[None]:
    """Create files that only their owner may read."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, columns: Sequence[str]) -> None:
    """Copy columns of a table, with its descriptions, into the open file."""
    names = ", ".join(f'"{column}"' for column in columns)
    connection.execute(f"create table {mart.name} as select {names} from working.{SCHEMA}.{mart.name}")
    connection.execute(f"comment on table {mart.name} is {sql_text(mart.description.strip())}")
    for column in columns:
        connection.execute(
            f'comment on column {mart.name}."{column}" is {sql_text(mart.descriptions[column].strip())}'
        )


def _bring_to_disk(folder: Path) -> None:
    """Wait until the disk has the whole folder, so that a power cut leaves no partial version."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _swap(places: Places, version: Path) -> None:
    """Make a version the current one; the first time also the links that readers know."""
    _link(places.current, Path(version.name))
    for link in (places.analytics, places.parquet, places.restricted):
        target = Path("versions") / "current" / link.name
        if not link.is_symlink() or link.readlink() != target:
            _link(link, target)


def _link(link: Path, target: Path) -> None:
    """Let ``link`` lead to ``target``, at no moment to nothing."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)


def _folders(places: Places) -> list[Path]:
    return [folder for folder in places.versions.iterdir() if folder.name.isdigit()]


def _highest_number(places: Places) -> int:
    """Return the highest number of any version so far, including those that were moved aside."""
    names = (path.name.split(".")[0] for path in places.versions.iterdir())
    return max((int(name) for name in names if name.isdigit()), default=0)


def _remove_all_but(places: Places, kept: set[Path | None]) -> None:
    """Remove unused versions and the remains of killed builds."""
    names = {folder.name for folder in kept if folder}
    for folder in [*_folders(places), *places.versions.glob(f"*{PARTIAL}")]:
        if folder.name not in names:
            shutil.rmtree(folder)


def _has_erased_households(before: Path, database: Path) -> bool:
    """Return whether the version before shows households that the source no longer has.

    A version that is kept for slow readers must not show an erased household. A household that
    has not signed up yet, in a build as of an earlier date, has not been erased.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(before / ANALYTICS)} as before (read_only)")
        connection.execute(f"attach {sql_text(database)} as working (read_only)")
        found = connection.execute(
            "select 1 from before.dim_households where household_id not in"
            " (select known_household_id from working.staging.base_app__household_states) limit 1"
        ).fetchone()
    return found is not None
