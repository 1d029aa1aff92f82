"""Proofs of one build share their readings of the inputs, and leave them unchanged."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from customer_success.proofs import Candidate, prove
from customer_success.publish import Places

HERE = "recount.test_read_once"
NOTES: list[str] = []


@contextmanager
def reading():
    NOTES.append("opened")
    try:
        yield object()
    finally:
        NOTES.append("closed")


def reads(candidate: Candidate) -> list:
    with candidate.read_once("rows", reading):
        NOTES.append("read")
    return []


def reads_another(candidate: Candidate) -> list:
    with candidate.read_once("other rows", reading):
        NOTES.append("read another")
    return []


def fails(candidate: Candidate) -> list:
    reads(candidate)
    raise ValueError("no such table")


@pytest.fixture
def candidate(tmp_path) -> Candidate:
    NOTES.clear()
    return Candidate(Places(tmp_path / "a", tmp_path), Path("ledger"), {}, {}, {}, None, date(2026, 6, 30))


def test_proofs_that_run_together_share_one_reading(candidate):
    assert prove(candidate, [("one", f"{HERE}:reads"), ("two", f"{HERE}:reads")]) == []
    assert NOTES == ["opened", "read", "read", "closed"]


def test_one_reading_is_held_at_a_time(candidate):
    prove(candidate, [("one", f"{HERE}:reads"), ("two", f"{HERE}:reads_another")])
    assert NOTES == ["opened", "read", "closed", "opened", "read another", "closed"]


def test_the_next_run_reads_again(candidate):
    prove(candidate, [("one", f"{HERE}:reads")])
    prove(candidate, [("one", f"{HERE}:reads")])
    assert NOTES == ["opened", "read", "closed"] * 2


def test_a_proof_on_its_own_closes_what_it_read(candidate):
    reads(candidate)
    assert NOTES == ["opened", "read", "closed"]


def test_a_reading_is_closed_though_a_proof_fails(candidate):
    with pytest.raises(ValueError, match="no such table"):
        prove(candidate, [("one", f"{HERE}:fails")])
    assert NOTES[-1] == "closed"
