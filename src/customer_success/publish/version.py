"""Writes a version of the published files, looks through it, and swaps it in.

A version is a folder with `analytics.duckdb`, one Parquet file per mart, and `analytics_restricted.duckdb`.
It is written under a name that nobody reads, checked, brought to disk, and becomes current by one rename.
Readers that have a file of the version before open keep it; the version before that is removed.
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
import pyarrow.parquet as pq

from customer_success.sql import sql_text

from .catalogue import SCHEMA, Mart
from .locking import lock
from .places import ANALYTICS, PARQUET, RESTRICTED, Places, memory_limit

PUBLICATION = "publication"
PARTIAL = ".partial"


class PublicationFailed(RuntimeError):
    """The version that was written is not what it should be; the published one stays."""


@dataclass(frozen=True)
class Publication:
    """What the row of table `publication` says: from what a version was made, and what was checked."""

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
    """Return the row of `publication` that readers see now, as a dictionary; None before the first one."""
    if not places.analytics.exists():
        return None
    with duckdb.connect(str(places.analytics), read_only=True) as connection:
        return connection.execute(f"from {PUBLICATION}").to_arrow_table().to_pylist()[0]


def publish(places: Places, marts: Sequence[Mart], publication: Publication) -> Path:
    """Publish what the working database holds and return the folder of the new version.

    The working database is only read, and must not be open for writing. Raises `PublicationFailed` if the
    written version differs from it, and `locking.Busy` if another build is publishing to the same folder.
    Whatever happens before the swap, and be it the end of the process, readers keep what they had.
    """
    with lock(places.versions / ".lock", "Another build is publishing to the same folder"):
        before = places.current.resolve() if places.current.is_symlink() else None
        _remove_all_but(places, {before})
        number = 1 + max((int(folder.name) for folder in _folders(places)), default=0)
        partial = places.versions / f"{number:06d}{PARTIAL}"
        (partial / PARQUET).mkdir(parents=True)
        _write_analytics(partial, places.database, marts, publication)
        _write_restricted(partial, places.database, marts)
        _audit(partial, places.database, marts)
        _bring_to_disk(partial)
        version = partial.rename(places.versions / f"{number:06d}")
        _swap(places, version)
        keep_before = before is not None and not _has_erased_households(before, places.database)
        _remove_all_but(places, {version, before if keep_before else None})
        if keep_before:
            (before / RESTRICTED).unlink(missing_ok=True)
        return version


def _write_analytics(folder: Path, database: Path, marts: Iterable[Mart], publication: Publication) -> None:
    """Write what everybody may see, as one DuckDB file and as Parquet from that file."""
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
        for mart in marts:
            if mart.is_public:
                connection.execute(
                    f"copy {mart.name} to {sql_text(folder / PARQUET / f'{mart.name}.parquet')}"
                    f" (format parquet, compression zstd, compression_level 1, kv_metadata {{{stamp}}})"
                )


def _write_restricted(folder: Path, database: Path, marts: Iterable[Mart]) -> None:
    """Write the personal columns by key, readable for the owner alone from the first byte on.

    Of a table that everybody sees without them, only the key goes along; others go as they are.
    """
    with _private_files(), _new_file(folder / RESTRICTED, database) as connection:
        for mart in marts:
            if mart.personal:
                others = mart.key if mart.is_public else mart.columns
                _copy(connection, mart, [*others, *mart.personal])


@contextmanager
def _new_file(file: Path, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new database file with the working database beside it; written out and closed in the end."""
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
    """Copy columns of a table, and what its descriptions say, into the file that is open."""
    names = ", ".join(f'"{column}"' for column in columns)
    connection.execute(f"create table {mart.name} as select {names} from working.{SCHEMA}.{mart.name}")
    connection.execute(f"comment on table {mart.name} is {sql_text(mart.description.strip())}")
    for column in columns:
        connection.execute(
            f'comment on column {mart.name}."{column}" is {sql_text(mart.descriptions[column].strip())}'
        )


def _audit(folder: Path, database: Path, marts: Sequence[Mart]) -> None:
    """Open what was written as a reader would, and hold it against the working database.

    Raises `PublicationFailed` unless each published table is there, with its columns and no others, with
    as many rows in both forms as it should have, and with one row that says what it is.
    """
    public = {mart.name: mart for mart in marts if mart.is_public}
    wrong = []
    with duckdb.connect(str(folder / ANALYTICS), read_only=True) as connection:
        connection.execute(f"attach {sql_text(database)} as working (read_only)")
        found = connection.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = current_database() and not internal group by all"
        ).fetchall()
        if {name: tuple(columns) for name, columns in found} != {
            name: mart.columns for name, mart in public.items()
        }:
            wrong.append("tables or columns are not those of the contracts")
        for name in public.keys() & {name for name, _ in found}:
            rows = connection.execute(f"select count(*) from {name}").fetchone()[0]
            expected = connection.execute(f"select count(*) from working.{SCHEMA}.{name}").fetchone()[0]
            in_parquet = pq.read_metadata(folder / PARQUET / f"{name}.parquet").num_rows
            if name == PUBLICATION:
                expected = 1
            if not rows == expected == in_parquet:
                wrong.append(f"{name}: {rows} rows, {in_parquet} in Parquet, {expected} were built")
    if (folder / RESTRICTED).stat().st_mode & 0o077:
        wrong.append(f"{RESTRICTED} can be read by others")
    if wrong:
        raise PublicationFailed("What was written is not what was built: " + "; ".join(wrong))


def _bring_to_disk(folder: Path) -> None:
    """Wait until the disk has the whole folder, so that not even a power cut leaves half a version."""
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


def _remove_all_but(places: Places, kept: set[Path | None]) -> None:
    """Remove versions nobody needs and what killed builds have left."""
    names = {folder.name for folder in kept if folder}
    for folder in [*_folders(places), *places.versions.glob(f"*{PARTIAL}")]:
        if folder.name not in names:
            shutil.rmtree(folder)


def _has_erased_households(before: Path, database: Path) -> bool:
    """Say whether the version before shows households that the source no longer has.

    Whoever was erased must not go on standing in a version that is kept for slow readers. A household that
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
