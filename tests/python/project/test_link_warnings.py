"""One warning per system says how many things lead to no household, and how to link them."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

TESTS = Path(__file__).parents[2] / "singular"
WARNINGS = {
    "support/assert_tickets_lead_to_households": ("ticket", ["organization.external_id", "link_by_email"]),
    "customers/assert_companies_lead_to_households": (
        "company",
        ["hubspot_household_property", "link_by_domain"],
    ),
}


def said(name: str, rows: list[tuple[str, str, str]]) -> list[tuple]:
    """Return what the test finds among quarantined rows (table, key, reason)."""
    text = (TESTS / f"{name}.sql").read_text(encoding="utf-8")
    assert "severity='warn'" in text
    query = re.sub(r"\{\{ ref\('quarantine_\w+'\) \}\}", "quarantined", text.split("}}", 1)[1])
    with duckdb.connect() as connection:
        connection.execute("create table quarantined (table_name varchar, row_key varchar, reason varchar)")
        if rows:
            connection.executemany("insert into quarantined values (?, ?, ?)", rows)
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", WARNINGS)
def test_one_line_counts_and_says_how_to_link(name):
    table, ways = WARNINGS[name]
    rows = [(table, "2", "unknown_household"), (table, "1", "unknown_household"), (table, "0", "bad_value")]
    [(count, example, action)] = said(name, [*rows, ("another_table", "0", "unknown_household")])
    assert (count, example) == (2, "1")
    assert all(way in action for way in [*ways, "docs/raw-data.md"])


@pytest.mark.parametrize("name", WARNINGS)
def test_nothing_is_said_where_all_lead_to_a_household(name):
    assert said(name, [(WARNINGS[name][0], "1", "bad_value")]) == []
