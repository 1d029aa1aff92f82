"""A version of a definition under which numbers were published stays as it was, CSV rewritten or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd
import pytest
from test_definitions import SEEDS, nodes

from customer_success.ledger.chain import append_script
from customer_success.ledger.opening import opened
from customer_success.ledger.tables import VERSIONS
from customer_success.metrics.definitions import catalogue
from customer_success.metrics.lock import Locked, write_lock
from customer_success.metrics.published_lock import (
    FACTS,
    check_lock,
    compare_lock,
    compare_shown,
    compare_versions,
)
from customer_success.publish import Places

FIRST = Locked("churn", 1, "hash of version 1", date(2026, 1, 1), "First definition")


def defined(**changes) -> pd.DataFrame:
    return catalogue(nodes(**changes), SEEDS)


def known(**changes) -> list[tuple]:
    """The ledger after the definition was published."""
    row = defined(**changes).iloc[0]
    facts = [int(row[name]) if name == "min_sample" else row[name] for name in FACTS]
    return [(row["metric"], int(row["version"]), row["definition_hash"], None, None, *facts)]


CHANGES = {
    "min_sample": 5,
    "unit": "percent",
    "direction": "up",
    "source_of_truth": ["stripe"],
    "ci_method": "adjusted_wald",
    "conventions": "All of them.",
    "formula": "left / all",
    "variables": [],
}


def test_the_definition_that_was_published_may_be_published_again():
    assert compare_versions(known(), defined()) == []


@pytest.mark.parametrize("key", CHANGES)
def test_a_definition_changed_under_its_version_is_refused(key):
    (output,) = compare_versions(known(), defined(**{key: CHANGES[key]}))
    assert output.startswith("churn: the definition of version 1 is not the one that was published under it")
    assert (key in output) == (key in FACTS)


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_compared_with_the_ledger_even_where_the_hash_is_the_same(fact):
    changed = defined()
    changed.loc[0, fact] = 1 if fact == "min_sample" else "another"
    (output,) = compare_versions(known(), changed)
    assert fact in output


def test_a_new_version_may_differ():
    assert compare_versions(known(), defined(version=2, min_sample=5)) == []


def test_versions_do_not_go_down():
    (output,) = compare_versions(known() + known(version=2, unit="percent"), defined())
    assert output == "churn: version 1 is defined, and version 2 was published before."


def test_what_readers_are_shown_is_the_definition():
    shown = defined().drop(columns=["family", "numerator", "denominator", "sample", "unknowns"])
    assert compare_shown(defined(), shown) == []
    for column, value in {"min_sample": 1, "direction": "up", "definition_hash": "locked one"}.items():
        (output,) = compare_shown(defined(), shown.assign(**{column: value}))
        assert output.startswith(f"churn: dim_metrics has {column} {value!r}, its definition")
    assert compare_shown(defined(), shown.head(0)) == ["dim_metrics has 0 metrics, 1 are defined."]


LOCKS = {
    "as it was": ([FIRST], None),
    "one more": ([FIRST, replace(FIRST, version=2, definition_hash="other")], None),
    "row deleted": ([], "no longer has version 1"),
    "hash rewritten": ([replace(FIRST, definition_hash="other")], "has the hash other for version 1"),
    "note edited": ([replace(FIRST, change_note="Always so")], "date or note of version 1"),
    "date edited": ([replace(FIRST, changed_on=date(2025, 1, 1))], "date or note of version 1"),
    "version twice": ([FIRST, replace(FIRST, definition_hash="other"), FIRST], "2 versions more than once"),
}


@pytest.mark.parametrize("what", LOCKS)
def test_rows_of_the_lock_stay_as_they_were_published(what):
    rows, output = LOCKS[what]
    found = compare_lock([FIRST], rows)
    assert (found == []) if output is None else output in found[0]


def test_the_lock_is_checked_against_the_ledger_before_dbt(tmp_path):
    ledger, lock = tmp_path / "ledger.duckdb", tmp_path / "lock.csv"
    places = Places(tmp_path / "working.duckdb", tmp_path)
    write_lock(lock, [FIRST])
    assert check_lock(places, ledger, lock) == []
    duckdb.connect(str(ledger)).close()
    assert check_lock(places, ledger, lock) == []
    with opened(ledger, write=True) as connection:
        query = (
            "select 'churn' as metric, 1 as version, 'hash of version 1' as definition_hash,"
            " date '2026-01-01' as changed_on, 'First definition' as change_note"
        )
        connection.execute(append_script(VERSIONS, query, "'build 1'", "date '2026-06-30'"))
    assert check_lock(places, ledger, lock) == []
    write_lock(lock, [replace(FIRST, definition_hash="another")])
    (problem,) = check_lock(places, ledger, lock)
    assert "Versions only grow" in problem.message
    lock.unlink()
    (problem,) = check_lock(places, ledger, lock)
    assert "cannot be read" in problem.message
