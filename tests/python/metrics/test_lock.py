"""The lock: what counts as drift, and what it takes to lock a change."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from customer_success.metrics.lock import REMOVED, Locked, Refusal, additions, drift, read_lock, write_lock

DAY = date(2026, 7, 1)
LOCKED = [Locked("nps", 1, "a", DAY, "First"), Locked("nps", 2, "b", DAY, "Second")]


def defined(*rows: tuple[str, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["metric", "version", "definition_hash"])


def test_the_locked_definition_has_not_drifted():
    assert drift(defined(("nps", 2, "b")), LOCKED) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("nps", 2, "c")], "its version is still 2"),
        ([("nps", 2, "a")], "its version is still 2"),
        ([("nps", 3, "c")], "version 3 is defined, version 2 is locked"),
        ([("nps", 2, "b"), ("csat", 1, "x")], "csat: version 1 is not locked"),
        ([], "nps: locked, but no longer defined"),
    ],
)
def test_anything_else_has(rows, message):
    assert [message in one for one in drift(defined(*rows), LOCKED)] == [True]


def test_a_raised_version_with_a_note_is_locked():
    assert additions(defined(("nps", 3, "c")), LOCKED, DAY, "Third") == [Locked("nps", 3, "c", DAY, "Third")]


def test_nothing_changed_needs_no_note_and_adds_nothing():
    assert additions(defined(("nps", 2, "b")), LOCKED, DAY, "") == []


@pytest.mark.parametrize("version", [2, 4])
def test_a_version_that_was_not_raised_by_one_is_refused(version):
    with pytest.raises(Refusal, match="version: 3"):
        additions(defined(("nps", version, "c")), LOCKED, DAY, "Third")


def test_a_change_without_a_note_is_refused():
    with pytest.raises(Refusal, match="--note"):
        additions(defined(("nps", 3, "c")), LOCKED, DAY, " ")


def test_a_removed_metric_is_locked_as_removed_once():
    added = additions(defined(), LOCKED, DAY, "Nobody used it")
    assert added == [Locked("nps", 3, REMOVED, DAY, "Nobody used it")]
    assert drift(defined(), LOCKED + added) == []
    assert additions(defined(), LOCKED + added, DAY, "") == []


def test_a_file_is_read_as_it_was_written(tmp_path):
    rows = [Locked("nps", 1, "a", DAY, 'With a comma, and "quotes"')]
    write_lock(tmp_path / "lock.csv", rows)
    assert read_lock(tmp_path / "lock.csv") == rows
