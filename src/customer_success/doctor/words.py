"""Enumerations: which of a column's values no rule knows."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from customer_success.doctor.contract import HERE
from customer_success.doctor.finding import LOOK, Finding
from customer_success.doctor.project import Project, SeedLine, seed_line


@dataclass(frozen=True)
class Words:
    """A column whose values should be known (``words.csv``).

    ``known`` is ``var <name> <further words>``, ``seed <seed>.<column>``, ``list <words>`` or ``currency``;
    after ``else`` stands what holds where the project has no such seed. ``where`` restricts the rows.
    """

    table: str
    column: str
    where: str
    known: str
    unknown_means: str


@dataclass(frozen=True)
class Unknown:
    """A value that no rule knows, as it is most often written, and its raw rows whatever the case."""

    table: str
    column: str
    word: str
    rows: int
    means: str


def read_words() -> list[Words]:
    """Read ``words.csv``."""
    with (HERE / "words.csv").open(encoding="utf-8", newline="") as file:
        return [
            Words(row["table"], row["column"], row["where"], row["known"], row["unknown_means"])
            for row in csv.DictReader(file)
        ]


def known_words(words: Words, project: Project, currencies: set[str]) -> set[str] | None:
    """Return the values that are known, in lower case; None where the project does not say which."""
    for known in words.known.split(" else "):
        kind, *rest = known.split()
        if kind == "currency":
            return {word.lower() for word in project.words("reporting_currency")} | currencies
        if kind == "list":
            return set(rest)
        if kind == "var":
            listed = project.words(rest[0])
            return {word.lower() for word in [*listed, *rest[1:]]} if listed else None
        seed, column = rest[0].split(".")
        found = project.seed(seed)
        if found and column in found[0]:
            return {row[column].strip().lower() for row in found[1]}
    return None


def unknown_words(
    words: list[Words], values: dict[tuple[str, str], dict[str, int]], project: Project, currencies: set[str]
) -> list[Unknown]:
    """Return the values that are not known, the most frequent first; ``values`` are by (table, column)."""
    unknown = []
    for word in words:
        known = known_words(word, project, currencies)
        spelled: dict[str, list] = {}
        counted = values.get((word.table, word.column), {})
        for value, rows in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
            if known is not None and value.lower() not in known and value != "":
                spelled.setdefault(value.lower(), [value, 0])[1] += rows
        for value, rows in spelled.values():
            unknown.append(Unknown(word.table, word.column, value, rows, word.unknown_means))
    return unknown


def word_findings(unknown: list[Unknown], files: dict[str, str]) -> list[Finding]:
    """Return one finding per column that has unknown values."""
    by_column: dict[tuple[str, str], list[Unknown]] = {}
    for value in unknown:
        by_column.setdefault((value.table, value.column), []).append(value)
    return [
        Finding(
            LOOK,
            "unknown_word",
            f"{table}.{column}",
            f"no rule knows {_listed(values)}; such rows are {values[0].means}",
            _action(table, column),
            files.get(table, ""),
            sum(value.rows for value in values),
        )
        for (table, column), values in by_column.items()
    ]


def region_lines(unknown: list[Unknown], project: Project) -> list[SeedLine]:
    """Return the lines for the seed of regions, where the project has one."""
    lines = [
        seed_line(project, "regions", {"region": value.word, "reason": "A region of ours"})
        for value in unknown
        if (value.table, value.column) == ("app.households", "region")
    ]
    return [line for line in lines if line]


def _listed(values: list[Unknown], most: int = 5) -> str:
    shown = ", ".join(f"{value.word!r} ({value.rows:,})" for value in values[:most])
    return shown + (f" and {len(values) - most:,} more" if len(values) > most else "")


def _action(table: str, column: str) -> str:
    if column == "currency":
        return (
            "add the raw table meta.fx_rates (currency, date, rate to the reporting currency),"
            " or set var reporting_currency in dbt_project.yml"
        )
    if column == "region":
        return "nothing, or add the region to the seed of regions"
    return "correct the values in the export, or tell the project about them (dbt_project.yml, seeds/rules)"
