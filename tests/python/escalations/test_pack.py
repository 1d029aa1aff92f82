"""Evidence packs: their headings, what they leave to a person, and who can read them."""

import stat
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from customer_success.escalations import TO_FILL_IN, Pack, read_packs, render, write_packs
from customer_success.escalations.__main__ import main
from customer_success.escalations.pack import HEADINGS, plain

ESCALATION = {
    "escalation_id": "0a1b",
    "rule": "bug_pattern",
    "team": "product",
    "priority": "high",
    "subject_kind": "issue_key",
    "subject": "reminders_late",
    "is_loss": None,
    "opened_on": date(2026, 6, 1),
    "closed_on": None,
    "is_open": True,
    "tickets": 12,
    "households": 11,
    "free_households": 6,
    "premium_households": 3,
    "enterprise_households": 1,
    "members": 30,
    "mrr_at_risk": 61.5,
    "at_risk_households": 2,
    "first_reported_at": datetime(2026, 5, 2, 9, 30),
    "latest_at": datetime(2026, 6, 29, 18, 0),
    "sample_ticket_ids": ["t1"],
    "change_30d": 0.5,
}
TICKET = {
    "ticket_id": "t1",
    "issue_title": "Reminders *late*",
    "priority": "P2",
    "status": "open",
    "created_at": datetime(2026, 6, 29, 18, 0),
}
QUOTE = {"created_at": datetime(2026, 6, 29, 18, 0), "quote": "# Late\nagain [here](http://x)"}


def pack(**changes):
    given = {"as_of_date": date(2026, 6, 30), "reason": "One bug", "tickets": [TICKET], "quotes": [QUOTE]}
    of_row = [name for name, value in changes.items() if name in ESCALATION and not isinstance(value, list)]
    facts = {name: changes.pop(name) for name in of_row}
    return Pack(escalation=ESCALATION | facts, **(given | changes))


@pytest.mark.parametrize("team", ["product", "engineering"])
def test_a_pack_has_the_headings_of_its_document_in_order(team):
    lines = render(pack(team=team)).splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == [name for name, _ in HEADINGS[team]]


def test_figures_are_those_of_the_row():
    text = render(pack(competitors=["petpal"]))
    for figure in ("12 tickets from 11 households", "61.50 a month", "+50%", "Members: 30", "petpal"):
        assert figure in text
    assert "Plan unknown: 1 household" in text
    assert "Households at risk: 2" in text


def test_what_is_unknown_is_called_unknown():
    text = render(pack(mrr_at_risk=None, members=None, change_30d=None, tickets=[], quotes=[]))
    assert "unknown for at least one of them" in text
    assert "Members: unknown" in text and "unknown, there were none before" in text
    assert "No comment of a customer" in text and "No ticket" in text


def test_what_the_data_do_not_hold_is_left_to_a_person():
    assert render(pack()).count(TO_FILL_IN) == 2
    assert render(pack(team="engineering")).count(TO_FILL_IN) == 3


def test_a_loss_is_said_and_nothing_else_is_called_one():
    assert "has since left" in render(pack(is_loss=True))
    assert "has since left" not in render(pack(is_loss=False)) + render(pack())


def test_a_customers_words_format_nothing():
    assert plain("# a\n> *b* <script> [c](d) |") == r"\# a \> \*b\* \<script\> \[c\](d) \|"
    assert "> \\# Late again \\[here\\](http://x)" in render(pack())


def test_only_the_owner_can_read_packs_and_closed_ones_go(tmp_path):
    folder = tmp_path / "restricted" / "escalations"
    first = write_packs([pack(), pack(escalation_id="ffff")], folder)
    assert {stat.S_IMODE(path.stat().st_mode) for path in first} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    first[0].chmod(0o644)
    (second,) = write_packs([pack()], folder)
    assert [*folder.iterdir()] == [second]
    assert stat.S_IMODE(second.stat().st_mode) == 0o600


@pytest.fixture
def database(tmp_path) -> Path:
    path = tmp_path / "working.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("analytics", "build", "intermediate", "rules"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table build.parameters as select date '2026-06-30' as as_of_date")
        connection.execute(
            "create table rules.escalation_rules as select 'bug_pattern' as rule, 'One bug' as reason"
        )
        marks = ", ".join(f"${number + 1} as {name}" for number, name in enumerate(ESCALATION))
        connection.execute(
            f"create table analytics.fct_escalations as select {marks}", [*ESCALATION.values()]
        )
        connection.execute(
            "insert into analytics.fct_escalations select * replace"
            " ('closed' as escalation_id, false as is_open) from analytics.fct_escalations"
        )
        connection.execute(
            "create table analytics.fct_support_tickets as select * from (values"
            " ('t1', 'Late', 'P2', 'open', timestamp '2026-06-29 18:00:00', 'petpal, pawtrack'),"
            " ('old', 'Old', 'P2', 'open', timestamp '2025-06-29 18:00:00', 'oldpet'))"
            " as rows (ticket_id, issue_title, priority, status, created_at, competitor_mentioned)"
        )
        connection.execute(
            "create table intermediate.int_escalation_reports as select * from (values"
            " ('bug_pattern', 'reminders_late', 't1', date '2026-06-29', date '2026-07-29'),"
            " ('bug_pattern', 'reminders_late', 'old', date '2025-06-29', date '2025-07-29'))"
            " as rows (rule, subject, ticket_id, counts_from, counts_until)"
        )
        connection.execute(
            "create table analytics.escalation_quotes as select '0a1b' as escalation_id, 1 as quote_number,"
            " timestamp '2026-06-29' as created_at, 'Late' as quote"
        )
    return path


def test_packs_are_read_for_open_escalations(database):
    with duckdb.connect(str(database), read_only=True) as connection:
        (found,) = read_packs(connection)
    assert [ticket["ticket_id"] for ticket in found.tickets] == ["t1"]
    assert [quote["quote"] for quote in found.quotes] == ["Late"]
    assert found.competitors == ["pawtrack", "petpal"]
    assert found.as_of_date == date(2026, 6, 30)


def test_the_command_writes_them(database, tmp_path, capsys):
    out = tmp_path / "packs"
    assert main(["--database", str(database), "--out", str(out)]) == 0
    assert "1 evidence pack in" in capsys.readouterr().out
    assert [path.name for path in out.iterdir()] == ["bug_pattern-0a1b.md"]


def test_the_command_says_what_is_missing(tmp_path, capsys):
    assert main(["--database", str(tmp_path / "none.duckdb"), "--out", str(tmp_path / "packs")]) == 1
    assert "Build the project first" in capsys.readouterr().err
    assert not (tmp_path / "packs").exists()
