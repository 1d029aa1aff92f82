"""Everything that the doctor looks at, in one report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from customer_success.doctor.contract import Absent, Table, read_absent, read_contract
from customer_success.doctor.finding import BLOCKS, LOOK, Finding, in_order
from customer_success.doctor.findings import (
    absent_findings,
    cast_findings,
    column_findings,
    date_findings,
    empty_findings,
    folder_findings,
    moment_findings,
    other_findings,
    row_findings,
    simulated_findings,
    unreadable_finding,
)
from customer_success.doctor.found import Found, Raw, find_table, other_tables, unreadable
from customer_success.doctor.households import known_households, reached, suggested_keys
from customer_success.doctor.links import (
    NO_HOUSEHOLD,
    Link,
    link_findings,
    paying_without_household,
    read_links,
)
from customer_success.doctor.products import (
    ITEM,
    PLAN,
    product_findings,
    product_lines,
    read_prices,
    unmapped,
)
from customer_success.doctor.profile import Profile, is_big, profile
from customer_success.doctor.project import Project, SeedLine
from customer_success.doctor.words import Unknown, read_words, region_lines, unknown_words, word_findings
from customer_success.sql import sql_text

RATES = "meta.fx_rates"
# Tables of the connectors that products and rates are read from, whether the contract has them or not.
LOOSE = (ITEM, PLAN, RATES)


@dataclass(frozen=True)
class Report:
    """What was found at ``place``; ``next`` says how to build from there.

    ``profiles`` has the tables that could be read, ``absent`` those that are not there. ``households`` counts
    those that each system names, and ``all``.
    """

    place: str
    next: str
    seconds: float
    found: dict[str, Found]
    profiles: dict[str, Profile]
    absent: dict[str, Absent | None]
    links: list[Link]
    households: dict[str, int]
    unknown: list[Unknown]
    seed_lines: list[SeedLine]
    findings: list[Finding]

    @property
    def status(self) -> int:
        """Return the exit status: 1 where something blocks a build, else 0."""
        return int(any(finding.level == BLOCKS for finding in self.findings))


def examine(
    connection: duckdb.DuckDBPyConnection, raw: Raw, project: Project, first: Sequence[Finding] = ()
) -> Report:
    """Read raw data and say what is there.

    Each table is read once for its rows, times and words, the households, customers, subscriptions, tickets
    and companies a second time for links and products. Nothing is written. ``first`` are findings of others
    that come first. Raises ``FileNotFoundError`` where the contract is not there, ``duckdb.Error`` where the
    database cannot be attached.
    """
    begin = time.monotonic()
    contract = read_contract(project.folder)
    known = read_absent()
    found = {table.full: one for table in contract if (one := find_table(connection, table, raw)) is not None}
    readable = {name: one for name, one in found.items() if not one.problem}
    findings = [*first, *folder_findings(found, raw.folder)]
    findings += [unreadable_finding(one) for one in found.values() if one.problem]
    profiles = _profiles(connection, readable, raw, project, findings)
    found |= readable
    for name, one in readable.items():
        findings += column_findings(one, known)
        if name in profiles:
            read = profiles[name]
            findings += empty_findings(one, read) + cast_findings(one, read) + row_findings(one, read)
            findings += moment_findings(one, read)
    findings += absent_findings(contract, found, known) + date_findings(profiles)
    others = other_tables(connection, raw, found)
    findings += other_findings(others, contract, found)
    links, households, unknown, lines = _meaning(connection, readable, profiles, raw, project, findings)
    return Report(
        place=str(raw),
        next=raw.next_step(),
        seconds=time.monotonic() - begin,
        found=found,
        profiles=profiles,
        absent={table.full: known.get((table.full, "")) for table in contract if table.full not in found},
        links=links,
        households=households,
        unknown=unknown,
        seed_lines=lines,
        findings=in_order(findings),
    )


def open_connection(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that reads moments as UTC and spills to ``scratch``."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"set temp_directory = {sql_text(scratch)}")
    return connection


def examined(raw: Raw, project: Project, first: Sequence[Finding] = ()) -> Report:
    """Examine raw data on a connection of its own."""
    with tempfile.TemporaryDirectory() as scratch, open_connection(Path(scratch)) as connection:
        return examine(connection, raw, project, first)


def _profiles(
    connection: duckdb.DuckDBPyConnection,
    readable: dict[str, Found],
    raw: Raw,
    project: Project,
    findings: list[Finding],
) -> dict[str, Profile]:
    """Read each table once; one that turns out to be unreadable leaves ``readable`` for the findings."""
    known_households(connection, readable)
    tolerance = int(project.variables.get("clock_skew_tolerance_hours", 24))
    words, profiles = read_words(), {}
    for name, one in list(readable.items()):
        own = [word for word in words if word.table == name]
        try:
            sampled = is_big(connection, one, raw.folder)
            profiles[name] = profile(connection, one, own, tolerance, sampled=sampled)
        except (duckdb.Error, OSError) as problem:
            readable[name] = unreadable(one, problem)
            findings.append(unreadable_finding(readable[name]))
    return profiles


def _meaning(
    connection: duckdb.DuckDBPyConnection,
    readable: Mapping[str, Found],
    profiles: Mapping[str, Profile],
    raw: Raw,
    project: Project,
    findings: list[Finding],
) -> tuple[list[Link], dict[str, int], list[Unknown], list[SeedLine]]:
    """Read links, words and products of the tables that could be read; add to ``findings``."""
    found = {name: one for name, one in readable.items() if name in profiles}
    loose = {name: _loose(connection, name, raw) for name in LOOSE if name not in found}
    found |= {name: one for name, one in loose.items() if one and not one.problem}
    files = {name: one.place for name, one in found.items()}
    unknown, links, lines, households = [], [], [], {}

    def words() -> None:
        values = {
            (name, column): words for name, one in profiles.items() for column, words in one.words.items()
        }
        unknown.extend(unknown_words(read_words(), values, project, _currencies(connection, found)))
        findings.extend(word_findings(unknown, files))
        lines.extend(region_lines(unknown, project))

    def sold() -> None:
        prices = read_prices(connection, found)
        if prices:
            missing = unmapped(prices.products, project)
            findings.extend(product_findings(prices, missing, files))
            lines.extend(product_lines(missing, project))

    def linked() -> None:
        links.extend(read_links(connection, found, project))
        paying = paying_without_household(connection, found, project)
        findings.extend(link_findings(links, paying, suggested_keys(connection, found, project), found))
        if paying:
            links.append(Link("stripe", "paying customers", NO_HOUSEHOLD, paying[0], paying[1], False))
        households.update(reached(connection, found, project))
        findings.extend(simulated_findings(connection, found, profiles))

    for step in (words, sold, linked):
        try:
            step()
        except duckdb.Error as problem:
            line = str(problem).strip().splitlines()[0]
            findings.append(
                Finding(
                    LOOK,
                    "not_examined",
                    step.__name__,
                    f"could not be examined: {line}",
                    "see the file named",
                )
            )
    return links, households, unknown, lines


def _loose(connection: duckdb.DuckDBPyConnection, name: str, raw: Raw) -> Found | None:
    source, table = name.split(".")
    return find_table(connection, Table(source, table, (), (), (), None, None), raw)


def _currencies(connection: duckdb.DuckDBPyConnection, found: Mapping[str, Found]) -> set[str]:
    """Return the currencies that have rates, in lower case."""
    rates = found.get(RATES)
    if rates is None or "currency" not in rates.types:
        return set()
    rows = connection.execute(f"select distinct lower(trim(currency)) from {rates.relation}").fetchall()
    return {row[0] for row in rows if row[0]}
