"""What follows from what is there, what is absent and what one pass over each table told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb

from customer_success.doctor.contract import SYNCED, Absent, Table, without_column
from customer_success.doctor.finding import BLOCKS, LOOK, NOTE, Finding, counted
from customer_success.doctor.found import Found, behind
from customer_success.doctor.profile import SAMPLE, Profile

# Moments before it are most likely numbers that were meant as something else.
EARLIEST = datetime(2000, 1, 1)
SIMULATED = "sim_"
# How absent.csv begins where nothing is unknown.
NOTHING = "nothing: "
# A table with more missing columns than this gets one line.
MOST_MISSING = 3


def absent_findings(
    contract: list[Table], found: Mapping[str, Found], absent: Mapping[tuple[str, str], Absent]
) -> list[Finding]:
    """Return a note per absent table; without households nothing of a build has rows."""
    findings = []
    for table in contract:
        if table.full in found:
            continue
        known = absent.get((table.full, ""))
        level = LOOK if table.full in ("app.households", "product.events") else NOTE
        action = "export it first" if level == LOOK else ""
        unknown = known.unknown if known else "what is read from it"
        findings.append(
            Finding(level, "absent_table", table.full, f"absent; unknown then: {unknown}", action)
        )
    return findings


def other_findings(others: list[str], contract: list[Table], found: Mapping[str, Found]) -> list[Finding]:
    """Return a note per table that the build does not read, with the absent table it may be meant for."""
    missing = [table.full for table in contract if table.full not in found]
    findings = []
    for name in others:
        meant = get_close_matches(name, missing, 1, 0.75) or [
            table for table in missing if "." not in name and table.split(".")[1] == name
        ]
        action = f"if it is {meant[0]}, give it that name" if meant else ""
        level = LOOK if meant else NOTE
        findings.append(Finding(level, "not_read", name, "is not read: no raw table of the project", action))
    return findings


def column_findings(found: Found, absent: Mapping[tuple[str, str], Absent]) -> list[Finding]:
    """Return missing columns, and those that are there under another name."""
    findings, name = _missing_columns(found), found.table.full
    for column in found.table.columns:
        where, actual = f"{name}.{column.name}", found.has(column.name)
        if actual is None and column.optional:
            unknown = without_column(absent, name, column.name)
            then = (
                unknown.removeprefix(NOTHING) if unknown.startswith(NOTHING) else f"unknown then: {unknown}"
            )
            message = f"the optional column is missing; {then}"
            findings.append(Finding(NOTE, "optional_column", where, message, "", found.place))
        elif actual not in (None, column.name):
            findings.append(Finding(NOTE, "other_name", where, f"read from {actual}", "", found.place))
    return findings


def _missing_columns(found: Found) -> list[Finding]:
    """Return a finding per missing required column; a single one where most likely the file is another."""
    extra = [name for name in found.types if not found.table.column(name)]
    missing = [column for column in found.table.columns if not column.optional and not found.has(column.name)]
    names = [" or ".join((column.name, *column.also)) for column in missing]
    if len(missing) > MOST_MISSING:
        message = f"{len(missing)} required columns are missing: {', '.join(names)}"
        action = (
            f"is it this table, with a first line that names the columns? There are: {', '.join(found.types)}"
        )
        return [Finding(BLOCKS, "missing_column", found.table.full, message, action, found.place)]
    findings = []
    for column, name in zip(missing, names, strict=True):
        meant = get_close_matches(column.name, extra, 1, 0.7)
        action = f"export {name}" + (f"; if {meant[0]!r} is this column, rename it" if meant else "")
        where, message = f"{found.table.full}.{column.name}", "the required column is missing"
        findings.append(Finding(BLOCKS, "missing_column", where, message, action, found.place))
    return findings


def cast_findings(found: Found, read: Profile) -> list[Finding]:
    """Return columns with values that do not cast; where none does, the build stops."""
    findings = []
    for cast in read.casts:
        where = f"{found.table.full}.{cast.column}"
        if cast.bad and cast.bad == cast.values:
            message = f"not one of {cast.values:,} values casts to {cast.type}"
            action = f"export it as {cast.type.lower()}"
            level, kind = BLOCKS, "no_value_casts"
        elif cast.bad:
            message = f"{cast.bad:,} of {cast.values:,} values do not cast to {cast.type}: quarantined"
            action, level, kind = "correct them at the source", LOOK, "bad_value"
        else:
            continue
        findings.append(Finding(level, kind, where, message, action, found.place, cast.bad, cast.example))
    return findings


def row_findings(found: Found, read: Profile) -> list[Finding]:
    """Return rows that are quarantined, and rows that do not count as they are."""
    key, tolerance = " and ".join(found.table.key), "within the tolerance they count at received_at"
    about = f" (estimated from one key in {SAMPLE})" if read.is_sampled else ""
    counts = (
        (LOOK, "null_key", read.null_keys, f"without {key}: quarantined", f"export {key} for each row"),
        (LOOK, "key_collision", read.collisions, f"with a key of another household{about}: quarantined",
         f"make {key} unique over all households"),
        (LOOK, "unknown_household", read.unknown_households, "of no household of app.households: quarantined",
         "export all households, closed ones too, or correct household_id"),
        (LOOK, "too_early", read.too_early, "occurred longer after receipt than the tolerance: quarantined",
         "correct the clock or the time zone of occurred_at"),
        (NOTE, "received_early", read.received_early, f"occurred after they were received; {tolerance}", ""),
        (NOTE, "loaded_twice", read.loaded_twice, f"loaded again under the same key{about}; one counts", ""),
        (NOTE, "deleted", read.deleted, "deleted at the source: in no mart", ""),
        (NOTE, "not_live", read.not_live, "of test mode (livemode false): in no mart", ""),
    )  # fmt: skip
    examples = {"unknown_household": read.unknown_household}
    return [
        Finding(level, kind, found.table.full, f"{counted(rows, 'row')} {message}", action, found.place, rows,
                examples.get(kind, ""))
        for level, kind, rows, message, action in counts
        if rows
    ]  # fmt: skip


def moment_findings(found: Found, read: Profile) -> list[Finding]:
    """Return moments that state an offset, are numbers, or lie so early that they look wrong."""
    name, findings = found.table.full, []
    if name != "meta.dataset" and read.first and read.first < EARLIEST:
        message = f"the earliest {found.table.moment} is {read.first:%Y-%m-%d}"
        action = "whole numbers are read as epoch seconds: export moments as timestamps"
        where = f"{name}.{found.table.moment}"
        findings.append(Finding(LOOK, "old_moment", where, message, action, found.place))
    for column in read.moments:
        for rows, kind, what in (
            (column.with_offset, "offset", "with an offset or zone: converted to UTC"),
            (column.epoch, "epoch", "as whole numbers: read as epoch seconds, 13 digits as milliseconds"),
        ):
            if rows:
                message, where = f"{counted(rows, 'moment')} {what}", f"{name}.{column.column}"
                findings.append(Finding(NOTE, kind, where, message, "", found.place, rows))
    return findings


def simulated_findings(
    connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found], profiles: Mapping[str, Profile]
) -> list[Finding]:
    """Return that live data have ids of simulated households: nothing of them is published."""
    kinds = profiles["meta.dataset"].words.get("kind", {}) if "meta.dataset" in profiles else {}
    if "app.households" not in found or "synthetic" in {kind.lower() for kind in kinds}:
        return []
    rows = connection.execute(
        "select count(*), min(id) from known_households where starts_with(id, ?)", [SIMULATED]
    ).fetchone()
    if not rows[0]:
        return []
    message = f"{rows[0]:,} ids begin with {SIMULATED}, but meta.dataset does not call the data synthetic"
    action = "remove the simulated rows, or say synthetic in meta.dataset.kind"
    file = found["app.households"].place
    return [
        Finding(
            BLOCKS,
            "simulated_ids",
            "app.households.id",
            message,
            action,
            file,
            rows[0],
            rows[1],
        )
    ]


def empty_findings(found: Found, read: Profile) -> list[Finding]:
    """Return that a table has no rows: other than an absent one it says that there are none."""
    if read.rows:
        return []
    message = "has no rows: counts are 0 and not unknown"
    action = "if the company does not have this table, leave out the file"
    return [Finding(LOOK, "empty_table", found.table.full, message, action, found.place, 0)]


def unreadable_finding(found: Found) -> Finding:
    """Return that a file cannot be read, with DuckDB's own words."""
    return Finding(
        BLOCKS,
        "unreadable",
        found.table.full,
        "is not readable",
        "export it again",
        found.place,
        None,
        found.problem,
    )


def folder_findings(found: Mapping[str, Found], folder: Path | None) -> list[Finding]:
    """Return that there is no table of the contract, and files that lie behind another of their table."""
    if not found:
        message = "no file is a raw table of the contract (<source>/<table>.parquet or .csv)"
        return [Finding(BLOCKS, "no_table", "raw data", message, "name files as docs/raw-data.md lists them")]
    return [
        Finding(LOOK, "two_files", one.table.full, f"{file} is not read", "remove one of the two", one.place)
        for one in found.values()
        for file in (behind(folder, one) if folder else ())
    ]


def date_findings(profiles: Mapping[str, Profile]) -> list[Finding]:
    """Return that a build needs a date, where no raw row says when it was loaded."""
    events = profiles.get("product.events")
    loads = [one.newest_load for one in profiles.values() if one.newest_load]
    if not profiles or loads or (events and events.last):
        return []
    message = f"no raw table has a time of loading ({SYNCED}, or received_at of product.events)"
    return [
        Finding(
            BLOCKS, "no_date", "as_of_date", message, "name the day to build: make build AS_OF=YYYY-MM-DD"
        )
    ]
