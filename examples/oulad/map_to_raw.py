"""Write the OULAD data set as raw tables that the project can build on.

    python examples/oulad/map_to_raw.py --source DIR --out DIR

``map_to_raw.sql`` beside this file has the mapping; this script runs it: it checks the input, writes into a
temporary folder, counts, and renames the folder.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

SQL_FILE = Path(__file__).with_name("map_to_raw.sql")
TABLES = (
    "app.households",
    "app.users",
    "app.household_members",
    "product.events",
    "meta.dataset",
)
INTERACTIONS = "studentVle_ds/*/*/*.parquet"
# What the mapping reads: files below the source folder and the columns needed from them.
NEEDED = {
    "studentRegistration.parquet": (
        "code_module",
        "code_presentation",
        "id_student",
        "date_registration",
        "date_unregistration",
    ),
    "vle.parquet": ("code_module", "code_presentation", "id_site", "activity_type"),
    INTERACTIONS: ("code_module", "code_presentation", "id_student", "id_site", "date"),
}
# DuckDB fills row groups in vectors of 2,048 rows: 100 of them. Small enough that a reader
# who wants some weeks skips the rest by the bounds of received_at.
ROW_GROUP_ROWS = 204_800


class Refusal(Exception):
    """The mapping cannot be done; the message says why, in one line."""


@dataclass(frozen=True)
class Summary:
    written: dict[str, int]  # rows per raw table
    interactions: int
    enrolments: int
    enrolments_with_withdrawal: int
    left_out: int  # enrolments closed before they began
    left_out_with_interactions: int
    interactions_left_out: int
    interactions_not_enrolled: int
    seconds: float

    def lines(self) -> list[str]:
        return [
            f"read     {self.enrolments:>12,} enrolments, "
            f"{self.enrolments_with_withdrawal:,} of them with a dated withdrawal",
            f"read     {self.interactions:>12,} interactions",
            *(f"written  {rows:>12,} {table}" for table, rows in self.written.items()),
            f"left out {self.left_out:>12,} enrolments closed before created_at, "
            f"{self.left_out_with_interactions:,} of them with interactions",
            f"left out {self.interactions_left_out:>12,} interactions of those enrolments",
            f"kept     {self.interactions_not_enrolled:>12,} interactions without an enrolment "
            "(the build will quarantine them)",
            f"in {self.seconds:.1f} seconds",
        ]


def sql_text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def path_of(folder: Path, table: str) -> Path:
    return folder / (table.replace(".", "/") + ".parquet")


def check_source(con: duckdb.DuckDBPyConnection, source: Path) -> None:
    """Reject a source folder that lacks an input."""
    if not source.is_dir():
        raise Refusal(f"the source folder {source} is not there")
    if any(char in str(source) for char in "*?["):
        raise Refusal(f"the source folder {source} has a wildcard (* ? [) in its path")
    for name, columns in NEEDED.items():
        if not any(source.glob(name)):
            raise Refusal(f"{name} is missing in the source folder {source}")
        try:
            found = con.execute(
                "describe from read_parquet(?, hive_partitioning = true)", [str(source / name)]
            ).fetchall()
        except duckdb.Error as error:
            first_line = str(error).splitlines()[0]
            raise Refusal(f"{source / name} cannot be read as Parquet: {first_line}") from error
        missing = sorted(set(columns) - {row[0] for row in found})
        if missing:
            raise Refusal(f"{source / name} has no column {', '.join(missing)}")


def check_out(out: Path) -> None:
    """Reject a target that has anything but an earlier result of this script."""
    if out.exists() and not out.is_dir():
        raise Refusal(f"{out} is a file, not a folder")
    ours = {path_of(out, table) for table in TABLES}
    for path in sorted(out.rglob("*")) if out.is_dir() else ():
        if not path.is_dir() and path not in ours:
            raise Refusal(
                f"{out} holds something else ({path.relative_to(out)}) and would be replaced: "
                "name an empty or a new folder"
            )


def put_in_place(new: Path, out: Path, aside: Path) -> None:
    """Rename ``new`` to ``out``; the old folder is removed, or restored if that fails."""
    if not out.exists():
        new.rename(out)
        return
    out.rename(aside)
    try:
        new.rename(out)
    except OSError:
        aside.rename(out)
        raise


def write_tables(
    con: duckdb.DuckDBPyConnection, source: Path, folder: Path
) -> tuple[dict[str, int], dict[str, int]]:
    """Run the SQL, write every table below ``folder``: rows written, and what was read."""
    con.execute(f"set variable source = {sql_text(str(source))}")
    con.execute(SQL_FILE.read_text(encoding="utf-8"))

    problem = con.execute("select min(problem), count(*) from input_problems").fetchone()
    if problem[1]:
        more = f" (and {problem[1] - 1:,} more such problems)" if problem[1] > 1 else ""
        raise Refusal(f"the source cannot be mapped: {problem[0]}{more}")

    written = {}
    for table in TABLES:
        file = path_of(folder, table)
        file.parent.mkdir(parents=True, exist_ok=True)
        written[table] = con.execute(
            f"copy (from {table}) to {sql_text(str(file))} "
            f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
        ).fetchone()[0]

    cursor = con.execute("from reading")
    names = [column[0] for column in cursor.description]
    return written, dict(zip(names, cursor.fetchone(), strict=True))


def check_counts(written: dict[str, int], read: dict[str, int]) -> None:
    """Every row that was read is either written or counted as left out."""
    for table in ("app.households", "app.users", "app.household_members"):
        if written[table] + read["left_out"] != read["enrolments"]:
            raise Refusal(f"the rows of {table} do not add up to the enrolments read")
    if written["product.events"] + read["interactions_left_out"] != read["interactions"]:
        raise Refusal("the rows of product.events do not add up to the interactions read")


def map_to_raw(source: Path, out: Path, memory_limit: str = "1GB") -> Summary:
    started = time.perf_counter()
    # The folder may be a link to a place with more room: what it points at is written.
    source, out = source.resolve(), out.resolve()
    with duckdb.connect() as con:
        check_source(con, source)
        check_out(out)
        if source == out or source in out.parents or out in source.parents:
            raise Refusal(f"{out} and the source folder {source} lie in each other")
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            con.execute(f"set temp_directory = {sql_text(str(scratch / 'spill'))}")
            con.execute(f"set memory_limit = {sql_text(memory_limit)}")
            new = scratch / "new"
            new.mkdir()
            written, read = write_tables(con, source, new)
            check_counts(written, read)
            put_in_place(new, out, aside=scratch / "old")
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return Summary(written=written, **read, seconds=time.perf_counter() - started)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Map the OULAD data set to the raw tables of this project.")
    parser.add_argument("--source", type=Path, required=True, help="folder with OULAD as Parquet")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for the raw tables; replaced as a whole"
    )
    parser.add_argument(
        "--memory-limit", default="1GB", help="for DuckDB, which spills beyond it (default 1GB)"
    )
    args = parser.parse_args(argv)
    try:
        summary = map_to_raw(args.source, args.out, args.memory_limit)
    except (Refusal, duckdb.Error, OSError) as error:
        print(f"map_to_raw: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    print(f"{args.source} -> {args.out}", *summary.lines(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
