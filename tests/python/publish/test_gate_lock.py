"""The lock of the checks only grows, and the ledger has each version of a publication."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_warehouse import noting

from customer_success import proofs
from customer_success.checks import LOCK, read_lock, record_locked, unanswered
from customer_success.checks.check import REQUIRED_IN, Check, digest, simple
from customer_success.checks.ledger import forgotten, known_versions
from customer_success.checks.lock import Locked, additions, drift, write_lock
from customer_success.checks.python_checks import python_checks
from customer_success.expectations import suites
from customer_success.metrics.lock import Refusal

ON = date(2026, 7, 1)


def data_test(name: str, **more: object) -> Check:
    values = {"where": "", "limit": "", "error_if": "!= 0", "warn_if": "!= 0", "fail_calc": "count(*)"}
    return simple("data_test", name, f"definition of {name}", **values | more)


CHECKS = [data_test("a"), data_test("b"), simple("proof", "recount", "code")]


@pytest.fixture
def locked() -> list[Locked]:
    return additions(CHECKS, [], ON, "first")


def test_a_lock_says_what_the_checks_are(locked, tmp_path):
    """Written and read again, rows are the same and sorted; checks that are as locked have not drifted."""
    write_lock(tmp_path / "checks.csv", reversed(locked))
    again = read_lock(tmp_path / "checks.csv")
    assert again == sorted(locked, key=lambda row: row.check.key)
    assert not drift(CHECKS, again) and not additions(CHECKS, again, ON, "")


def test_a_version_has_one_row(locked, tmp_path):
    """A second row could be weaker, and the order would decide which one counts."""
    weaker = dataclasses.replace(locked[0], check=dataclasses.replace(CHECKS[0], severity="warn"))
    write_lock(tmp_path / "checks.csv", [*locked, weaker])
    with pytest.raises(ValueError, match="more than one row of a version 1"):
        read_lock(tmp_path / "checks.csv")


def test_the_file_is_one_that_the_command_writes(tmp_path):
    write_lock(tmp_path / "checks.csv", read_lock(LOCK))
    assert (tmp_path / "checks.csv").read_text() == LOCK.read_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("required_in", "ci"),
        ("enabled", False),
        ("severity", "warn"),
        ("where", "1 = 0"),
        ("limit", "1"),
        ("error_if", "> 5"),
        ("warn_if", "> 5"),
        ("fail_calc", "0"),
        ("attached_to", "another"),
        ("definition_hash", "another"),
    ],
)
def test_each_field_is_compared(locked, field, value):
    changed = dataclasses.replace(CHECKS[0], **{field: value})
    ((check, message),) = drift([changed, *CHECKS[1:]], locked)
    assert check.name == "a" and "Not as locked in version 1" in message
    assert (field in message) or field == "definition_hash"
    if field != "enabled":
        (added,) = additions([changed, *CHECKS[1:]], locked, ON, "why")
        assert added.version == 2 and added.check == changed
        assert not drift([changed, *CHECKS[1:]], [*locked, added])


def test_a_removed_check_needs_a_row_and_comes_back_with_another(locked):
    ((check, message),) = drift(CHECKS[1:], locked)
    assert check.name == "a" and "no longer in the project" in message
    (removed,) = additions(CHECKS[1:], locked, ON, "it was wrong")
    assert removed.is_removed and removed.version == 2 and not removed.check.enabled
    rows = [*locked, removed]
    assert not drift(CHECKS[1:], rows)
    ((_, message),) = drift(CHECKS, rows)
    assert "locked as removed" in message
    (back,) = additions(CHECKS, rows, ON, "it was right")
    assert back.version == 3 and not drift(CHECKS, [*rows, back])


def test_nothing_is_locked_without_a_note(locked):
    with pytest.raises(Refusal, match="Give a --note"):
        additions([*CHECKS, data_test("c")], locked, ON, " ")


def test_a_disabled_check_cannot_be_locked(locked):
    with pytest.raises(Refusal, match="is disabled"):
        additions([*CHECKS, data_test("c", enabled=False)], locked, ON, "why")


def known(folder: Path, rows: list[Locked]) -> dict:
    """Record these rows as a publication does, and read them from the ledger."""
    with noting(folder / "ledger.duckdb") as connection:
        record_locked(connection, rows)
    return known_versions(folder / "ledger.duckdb")


def test_the_ledger_knows_the_versions_that_were_published(locked, tmp_path):
    assert known_versions(tmp_path / "ledger.duckdb") == {}
    assert len(known(tmp_path, locked)) == 3
    (second,) = additions([data_test("a", severity="warn"), *CHECKS[1:]], locked, ON, "why")
    rows = [*locked, second]
    assert not forgotten(known(tmp_path, rows), rows)


@pytest.mark.parametrize("field", ["severity", "where", "definition_hash", "enabled"])
def test_a_version_cannot_be_changed_after_it_was_published(locked, tmp_path, field):
    """Test and lock edited together: the ledger has the earlier version."""
    before = known(tmp_path, locked)
    value = False if field == "enabled" else "another"
    edited = dataclasses.replace(locked[0], check=dataclasses.replace(CHECKS[0], **{field: value}))
    ((name, message),) = forgotten(before, [edited, *locked[1:]])
    assert name == "a" and "now has another row" in message
    assert known(tmp_path, [edited, *locked[1:]]) == before


def test_a_version_cannot_be_taken_out_of_the_lock(locked, tmp_path):
    ((name, message),) = forgotten(known(tmp_path, locked), locked[1:])
    assert name == "a" and "no longer has it" in message


def test_a_note_may_be_reworded(locked, tmp_path):
    better = [dataclasses.replace(row, change_note="better words") for row in locked]
    assert not forgotten(known(tmp_path, locked), better)


def now(name: str) -> Check:
    return next(check for check in python_checks() if check.name == name)


@pytest.mark.parametrize(
    "change",
    [
        {"tolerance": 100.0},
        {"warns": True},
        {"kind": "between", "bounds": (None, None)},
        {"parameters": {"days": 0}},
        {"needs": ("main.not_there",)},
        {"target": "analytics.another"},
        {"evidence": "nps/categories_follow_the_scores"},
    ],
)
def test_a_validation_is_defined_by_all_that_makes_it_fail(monkeypatch, change):
    before = now("nps: score_follows_the_formula")
    nps, *others = suites.SUITES
    checks = tuple(
        dataclasses.replace(check, **change) if check.key == "score_follows_the_formula" else check
        for check in nps.checks
    )
    monkeypatch.setattr(suites, "SUITES", (dataclasses.replace(nps, checks=checks), *others))
    assert now("nps: score_follows_the_formula") != before


def test_a_validation_that_is_taken_out_of_its_suite_is_missed(monkeypatch):
    nps, *others = suites.SUITES
    monkeypatch.setattr(suites, "SUITES", (dataclasses.replace(nps, checks=nps.checks[1:]), *others))
    assert ("validation", f"nps: {nps.checks[0].key}") not in {check.key for check in python_checks()}
    missed = drift(python_checks(), [row for row in read_lock(LOCK) if row.check.kind == "validation"])
    assert f"nps: {nps.checks[0].key}" in {check.name for check, message in missed if "no longer" in message}


@pytest.mark.parametrize(("constant", "kind"), [("PROOFS", "proof"), ("CHECKS_AT_START", "start")])
def test_a_proof_that_is_taken_off_its_list_is_missed(monkeypatch, constant, kind):
    listed = {name for name, _ in getattr(proofs, constant)}
    assert listed
    monkeypatch.setattr(f"customer_success.checks.python_checks.{constant}", ())
    missed = drift(python_checks(), read_lock(LOCK))
    assert {
        check.name for check, message in missed if check.kind == kind and "no longer" in message
    } == listed


def test_a_proof_is_defined_by_its_code(monkeypatch, tmp_path):
    """Another function of the package, or another word in any of its files, is another definition."""
    package = tmp_path / "customer_success"
    (package / "recount").mkdir(parents=True)
    (package / "recount" / "proof.py").write_text("def prove(candidate): ...")
    (package / "recount" / "nps.sql").write_text("select 1")
    monkeypatch.setattr("customer_success.checks.python_checks.PACKAGE", package)
    from customer_success.checks.python_checks import _function

    first = _function("proof", "recount", "customer_success.recount.proof:prove")
    other = _function("proof", "recount", "customer_success.recount.proof:pass_anything")
    (package / "recount" / "nps.sql").write_text("select 2")
    edited = _function("proof", "recount", "customer_success.recount.proof:prove")
    assert len({first.definition_hash, other.definition_hash, edited.definition_hash}) == 3


def test_a_validation_without_a_result_is_named():
    """Only what needs a table that may be absent may stay without one."""
    given = [SimpleNamespace(suite=s.name, expectation=c.key) for s in suites.SUITES for c in s.checks]
    assert not unanswered(given)
    (problem,) = unanswered(given[1:])
    assert problem.name == f"{given[0].suite}: {given[0].expectation}"
    needed = {(s.name, c.key) for s in suites.SUITES for c in s.checks if c.needs}
    assert not unanswered([one for one in given if (one.suite, one.expectation) not in needed])


def test_each_kind_says_where_it_is_required():
    assert {row.check.kind for row in read_lock(LOCK)} == REQUIRED_IN.keys()
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 2, "b": 1})
