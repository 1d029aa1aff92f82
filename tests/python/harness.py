"""Running dbt on made-up raw data in folders of its own, and comparing the results.

Nothing here touches the working tree: a `Project` is a copy of the dbt files at the start of
the test session, a `Sandbox` is a folder with links into it and a database, ledger, target and
log folder of its own. dbt only reuses a parsed project while the `--vars` and the paths of the
databases are literally the same, so every sandbox sees the same relative paths (`data/raw`,
`warehouse/working.duckdb`) and the parse is shared by all runs with the same vars, whatever
their as_of_date.
"""

from __future__ import annotations

import atexit
import gc
import json
import multiprocessing
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from customer_success.building.arguments import AS_OF_DATE, RAW_DATA_PATH
from customer_success.sql import sql_text

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_OF_THE_PROJECT = {"data", "logs", "target", "warehouse", "node_modules", "build"}
COMPARED_SCHEMAS = ("analytics", "quarantine")
# What may differ between two builds of the same data (law 6 of the overview).
VOLATILE_TABLES = {"publication"}
PARSED, PARTIAL_PARSE = "parsed", "partial_parse.msgpack"
VIEW = " (a view)"
VOLATILE_COLUMNS = {"invocation_id", "git_commit"}
# as_of_date of the simulated data (the day before the latest receipt), and an earlier day.
END = date(2026, 6, 30)
DAY_ONE = END - timedelta(days=8)
# Reports from the field, as connectors land them.
CASES = REPOSITORY / "tests" / "python" / "fixtures" / "connectors" / "raw"
CASES_AS_OF = date(2024, 12, 31)
# Models that are built incrementally, and what they read.
INCREMENTAL = "+config.materialized:incremental"
INCREMENTAL_MARTS = [
    file.stem
    for file in (REPOSITORY / "models" / "marts").rglob("*.sql")
    if "materialized='incremental'" in file.read_text(encoding="utf-8").replace(" ", "")
]
AT_ONCE = 2  # builds that are made ahead at the same time
# Each call of dbt is a process of its own, forked from one in which dbt is imported already.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(
    [
        *("dbt.cli.main", "dbt.adapters.duckdb", "agate", "sqlparse", "customer_success.publish"),
        *("customer_success.churn", "customer_success.survival", "customer_success.sentiment"),
        *("customer_success.health.backtest", "customer_success.metrics", "customer_success.claims"),
    ]
)


@dataclass
class Run:
    """The result of one call of dbt."""

    arguments: tuple[str, ...]
    exit_code: int
    output: str
    seconds: float
    results: dict | None

    def statuses(self) -> dict[str, str]:
        """Status of each node that ran, by its unique id."""
        return {r["unique_id"]: r["status"] for r in (self.results or {}).get("results", [])}

    def must_succeed(self) -> Run:
        """Return the run, or fail with dbt's messages."""
        lines = [x for x in self.output.splitlines() if " OK " not in x and " START " not in x]
        log = "\n".join(line for line in lines if " PASS " not in line)
        assert self.exit_code == 0, f"dbt {' '.join(self.arguments)} failed:\n{log[-6000:]}"
        return self


def _dbt(command: list[str], folder: Path, environment: dict[str, str], log: Path) -> None:
    """Be the command line `dbt`: same arguments, environment and exit status; its output goes to a file."""
    from dbt.cli.main import cli

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("w", encoding="utf-8") as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    sys.argv = command
    try:
        cli()
    finally:
        # A forked process ends without Python's own ending, in which DuckDB would write its file out.
        atexit._run_exitfuncs()
        gc.collect()


class Project:
    """The dbt project at the start of the session, with one parse for all sandboxes of the same vars."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        # One more than are made ahead: a test that runs dbt itself does not wait behind them.
        self._slots = threading.BoundedSemaphore(AT_ONCE + 1)
        for entry in REPOSITORY.iterdir():
            if entry.name.startswith(".") or entry.name in NOT_OF_THE_PROJECT:
                continue
            if entry.is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "python", "planted")
                shutil.copytree(entry, folder / entry.name, ignore=ignore)
            else:
                shutil.copy2(entry, folder / entry.name)

    @property
    def parsed(self) -> Path:
        """The folder with what dbt parses of the project, its manifest too, once a sandbox has run."""
        return self.folder / PARSED

    def run(
        self,
        sandbox: Path,
        arguments: Iterable[str],
        as_of: date | str | None,
        variables: Mapping | None = None,
        raw_database: str = "",
    ) -> Run:
        """Run dbt in a sandbox, with the parse of an earlier run with the same variables."""
        told = {**(variables or {}), **({"in_database": True} if raw_database else {})}
        key = "".join(f"-{name}-{value}" for name, value in sorted(told.items()))
        parsed = self.folder / f"{PARSED}{key}"
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if not parsed.exists():
                self._call(sandbox, ["parse"], as_of, variables, raw_database).must_succeed()
                shutil.copytree(sandbox / "target", parsed)
        (sandbox / "target").mkdir(exist_ok=True)
        shutil.copy2(parsed / PARTIAL_PARSE, sandbox / "target" / PARTIAL_PARSE)
        return self._call(sandbox, arguments, as_of, variables, raw_database)

    def _call(
        self,
        sandbox: Path,
        arguments: Iterable[str],
        as_of: date | str | None,
        variables: Mapping | None,
        raw_database: str,
    ) -> Run:
        arguments = tuple(arguments)
        command = ["dbt", "--no-use-colors", "--log-level-file", "none", *arguments]
        command += ["--vars", json.dumps(variables)] if variables else []
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DBT_", "CS_"))}
        environment = inherited | {
            "CS_CONTRACTS": os.environ.get("CS_CONTRACTS", "true"),
            "CS_DATABASE": "warehouse/working.duckdb",
            "CS_LEDGER": "warehouse/ledger.duckdb",
            "CS_RAW_DATABASE": raw_database,
            RAW_DATA_PATH: "" if raw_database else "data/raw",
            AS_OF_DATE: str(as_of or ""),
            "DBT_TARGET_PATH": "target",
            "DBT_LOG_PATH": "logs",
            "DO_NOT_TRACK": "1",
        }
        results = sandbox / "target" / "run_results.json"
        results.unlink(missing_ok=True)
        with self._slots:
            begun = time.monotonic()
            log = sandbox / "logs" / "output.txt"
            log.parent.mkdir(exist_ok=True)
            process = FORKED.Process(target=_dbt, args=(command, sandbox, environment, log))
            process.start()
            process.join()
            seconds = time.monotonic() - begun
        return Run(
            arguments,
            process.exitcode,
            log.read_text(encoding="utf-8", errors="replace"),
            seconds,
            json.loads(results.read_text(encoding="utf-8")) if results.exists() else None,
        )


class Sandbox:
    """A folder in which the project runs on one folder of raw data, separate from all others."""

    def __init__(
        self,
        project: Project,
        folder: Path,
        raw: Path,
        variables: Mapping | None = None,
        raw_database: str = "",
    ):
        self.project, self.folder, self.variables = project, folder, variables
        self.raw_database = raw_database
        (folder / "data").mkdir(parents=True)
        (folder / "warehouse").mkdir()
        for entry in project.folder.iterdir():
            if not entry.name.startswith(PARSED):
                (folder / entry.name).symlink_to(entry)
        self.read_from(raw)

    @property
    def database(self) -> Path:
        return self.folder / "warehouse" / "working.duckdb"

    @property
    def ledger(self) -> Path:
        return self.folder / "warehouse" / "ledger.duckdb"

    def read_from(self, raw: Path) -> Sandbox:
        """Show another folder as data/raw from now on."""
        link = self.folder / "data" / "raw"
        link.unlink(missing_ok=True)
        link.symlink_to(raw.resolve())
        return self

    def copy(self, folder: Path, raw: Path | None = None, variables: Mapping | None = None) -> Sandbox:
        """Start another sandbox from this one's database and ledger, with other vars where they are given."""
        raw = raw or self.folder / "data" / "raw"
        other = Sandbox(self.project, folder, raw, variables or self.variables)
        for file in (self.folder / "warehouse").iterdir():
            shutil.copy2(file, other.folder / "warehouse" / file.name)
        return other

    def dbt(self, *arguments: str, as_of: date | str | None = None) -> Run:
        """Call dbt; the caller checks whether it succeeded."""
        return self.project.run(self.folder, arguments, as_of, self.variables, self.raw_database)

    def build(
        self,
        as_of: date | None = None,
        *,
        tests: bool = False,
        unit_tests: bool = False,
        select: str = "",
        full: bool = False,
    ) -> Sandbox:
        """Build what is selected, incrementally where there is something to build on."""
        # Writing the manifest takes longer than many models, and no test reads it.
        arguments = ["--no-write-json", "run" if self.database.exists() and not tests else "build"]
        if "build" in arguments and not unit_tests:
            arguments += ["--exclude-resource-type", "unit_test", *([] if tests else ["test"])]
        if not tests:  # builds run beside each other: more threads of one only take Python's lock in turns
            arguments += ["--threads", "1"]
        if select:
            arguments += ["--select", *select.split()]
        if full:
            arguments.append("--full-refresh")
        self.dbt(*arguments, as_of=as_of).must_succeed()
        return self

    @contextmanager
    def connection(self):
        """Open the database read-only, ledger attached; views over raw files work as well."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            if self.ledger.exists():
                connection.execute(f"attach {sql_text(self.ledger)} as ledger (read_only)")
            connection.execute(f"set file_search_path = {sql_text(self.folder)}")
            connection.execute("set timezone = 'UTC'")
            yield connection

    def rows(self, sql: str, parameters: list | None = None) -> list[tuple]:
        with self.connection() as connection:
            return connection.execute(sql, parameters or []).fetchall()

    def value(self, sql: str, parameters: list | None = None):
        return self.rows(sql, parameters)[0][0]

    def frame(self, sql: str) -> pd.DataFrame:
        with self.connection() as connection:
            return connection.sql(sql).df()


class RawFolder:
    """A folder of raw tables that may be changed: files are replaced, never written over."""

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def copy_of(cls, source: Path, folder: Path) -> RawFolder:
        """Copy by hard links: unchanged tables cost nothing."""
        shutil.copytree(source, folder, copy_function=os.link)
        return cls(folder)

    def tables(self) -> list[str]:
        return sorted(f"{p.parent.name}.{p.stem}" for p in self.folder.glob("*/*.parquet"))

    def path(self, table: str, ending: str = "parquet") -> Path:
        source, name = table.split(".")
        return self.folder / source / f"{name}.{ending}"

    def read(self, table: str) -> pa.Table:
        return pq.read_table(self.path(table))

    def write(self, table: str, rows: pa.Table) -> None:
        self.path(table).unlink(missing_ok=True)
        pq.write_table(rows, self.path(table))

    def select(self, sql: str) -> list[dict]:
        """Query the tables, each a view named source.table."""
        with duckdb.connect() as connection:
            for table in self.tables():
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(f"create view {table} as from read_parquet('{self.path(table)}')")
            return connection.sql(sql).to_arrow_table().to_pylist()

    def add(self, table: str, rows: list[dict]) -> None:
        """Append rows; a missing value is null."""
        old = self.read(table)
        self.write(table, pa.concat_tables([old, pa.Table.from_pylist(rows, schema=old.schema)]))

    def change(self, table: str, sql: str, *, retype: bool = False) -> None:
        """Replace a table by a query on it, where it is called `rows`; types stay unless others are given."""
        rows = self.read(table)
        with duckdb.connect() as connection:
            connection.register("rows", rows)
            changed = connection.sql(sql).to_arrow_table()
        if not retype:
            changed = changed.cast(pa.schema([rows.schema.field(n) for n in changed.column_names]))
        self.write(table, changed)

    def remove(self, *tables: str) -> None:
        for table in tables:
            self.path(table).unlink()

    def to_csv(self, *tables: str) -> None:
        """Put a CSV file in the place of the Parquet file."""
        for table in tables:
            with duckdb.connect() as connection:
                source, target = self.path(table), self.path(table, "csv")
                connection.execute(f"copy (from read_parquet('{source}')) to '{target}' (header)")
            self.remove(table)


class Builds:
    """Named builds that tests share: each is made once, on the first request or ahead."""

    def __init__(self, makers: dict[str, Callable[[Builds], object]] | None = None):
        self._makers = dict(makers or {})
        self._made: dict[str, object] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE)

    def offer(self, name: str, maker: Callable[[Builds], object]) -> None:
        self._makers[name] = maker

    def __getitem__(self, name: str):
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._made:
                try:
                    self._made[name] = self._makers[name](self)
                except BaseException as problem:
                    self._made[name] = problem
        if isinstance(self._made[name], BaseException):
            raise self._made[name]
        return self._made[name]

    def ahead(self, *names: str) -> None:
        """Begin with these builds in the background, in this order."""
        for name in names:
            self._pool.submit(self.__getitem__, name)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def relations(connection: duckdb.DuckDBPyConnection, catalog: str, schema: str) -> dict[str, dict]:
    """{table: {column: type}} of a schema; views are named so, readers cannot count on them."""
    rows = connection.execute(
        """
        select c.table_name, c.column_name, c.data_type, v.view_name is not null
        from duckdb_columns() as c
        left join duckdb_views() as v
            on c.database_name = v.database_name and c.schema_name = v.schema_name
            and c.table_name = v.view_name
        where c.database_name = ? and c.schema_name = ?
        order by c.table_name, c.column_index
        """,
        [catalog, schema],
    ).fetchall()
    found: dict[str, dict] = {}
    for table, column, kind, is_view in rows:
        found.setdefault(table + VIEW if is_view else table, {})[column] = kind
    return found


def differences(
    left: Path,
    right: Path,
    *,
    schemas: Iterable[str] = COMPARED_SCHEMAS,
    tables: Iterable[str] | None = None,
    without: Iterable[str] = (),
    where: str = "true",
) -> list[str]:
    """Compare two databases table by table and row by row; one line for each difference.

    A requested table that no schema has is a difference too, as is an empty request.
    """
    found = []
    seen: set[str] = set()
    ignored = VOLATILE_COLUMNS | set(without)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{left}' as l (read_only)")
        connection.execute(f"attach '{right}' as r (read_only)")
        for schema in schemas:
            ours, theirs = (relations(connection, side, schema) for side in ("l", "r"))
            if not ours:
                found.append(f"{schema}: there is nothing to compare")
            for table in sorted(ours.keys() | theirs.keys()):
                if table in VOLATILE_TABLES or (tables is not None and table not in tables):
                    continue
                seen.add(table)
                name = f"{schema}.{table}"
                if ours.get(table) != theirs.get(table):
                    found.append(f"{name}: columns {ours.get(table)} <> {theirs.get(table)}")
                    continue
                if table.endswith(VIEW):
                    continue  # it names its own database, and the tables it reads are compared
                columns = ", ".join(f'"{c}"' for c in ours[table] if c not in ignored)
                sides = [f'select {columns} from {s}.{schema}."{table}" where {where}' for s in "lr"]
                for one, other, side in ((*sides, "left"), (*reversed(sides), "right")):
                    alone = connection.sql(f"({one}) except all ({other})").to_arrow_table()
                    if alone.num_rows:
                        example = alone.slice(0, 2).to_pylist()
                        found.append(f"{name}: {alone.num_rows} rows only {side}, as {example}")
    if tables is not None:
        found += [f"{table}: there is nothing to compare" for table in sorted(set(tables) - seen)]
        found += [] if seen else ["no table was compared"]
    return found


def occurrences(database: Path, text: str, schemas: Iterable[str] = COMPARED_SCHEMAS) -> dict[str, int]:
    """The places of a text, whole or as a part, in any column of the given schemas."""
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        catalog = database.stem
        for schema in schemas:
            for table, columns in relations(connection, catalog, schema).items():
                conditions = [f'contains(cast("{c}" as varchar), ?)' for c in columns]
                name = table.removesuffix(VIEW)
                count = connection.execute(
                    f'select count(*) from {catalog}.{schema}."{name}" where {" or ".join(conditions)}',
                    [text] * len(conditions),
                ).fetchone()[0]
                if count:
                    found[f"{schema}.{name}"] = count
    return found
