"""`python -m customer_success.ledger`, and a ledger that another process has open."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest
from small_company import CHAIN, VALUES

from customer_success import build as build_command
from customer_success.ledger import __main__ as command
from customer_success.ledger.opening import LedgerBusy, opened
from customer_success.ledger.start import restart
from customer_success.publish import Places


@pytest.fixture
def commanded(company, monkeypatch):
    monkeypatch.setenv("CS_DATABASE", str(company.places.database))
    monkeypatch.setenv("CS_PUBLISHED", str(company.places.published))
    monkeypatch.setenv("CS_LEDGER", str(company.ledger))
    return company


def test_verify_prints_the_heads(commanded, capsys):
    assert command.main(["verify"]) == 0
    output = capsys.readouterr().out
    assert all(head in output for _, head in commanded.published_heads().values())
    commanded.sql(f"delete from {VALUES}")
    assert command.main(["verify"]) == 1
    assert "are gone or edited" in capsys.readouterr().err


def test_restart_keeps_its_reason_and_the_old_file(commanded, capsys):
    commanded.sql(f"delete from {VALUES} where publication_number = 2")
    assert command.main(["restart", "--reason", "the disk's tail was lost"]) == 0
    assert "the disk's tail was lost" in capsys.readouterr().out
    assert commanded.start() == []
    assert commanded.rows(f"select distinct entry, note from {CHAIN} where sequence = 1") == [
        ("restart", "the disk's tail was lost")
    ]
    assert commanded.rows(f"select count(*) from {VALUES}") == [(2,)]
    assert (commanded.folder / "ledger.duckdb.before-restart-1").exists()
    commanded.next_day().build().publish()
    assert commanded.start() == []
    assert command.main(["verify"]) == 0
    assert "the disk's tail was lost" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"no database at all " * 100])
def test_restart_of_a_lost_ledger_begins_an_empty_one(company, content):
    company.ledger.unlink()
    if content:
        company.ledger.write_bytes(content)
    restart(company.places, company.ledger, "lost")
    assert company.start() == []
    company.next_day().build().publish()
    assert company.start() == []


def test_a_restart_for_another_version_does_not_count(company):
    restart(company.places, company.ledger, "lost")
    with duckdb.connect(str(company.places.analytics)) as connection:
        connection.execute("update publication set ledger_head = 'another'")
    assert any("another ledger" in message for message in company.start())


def test_restart_wants_a_reason(commanded):
    with pytest.raises(SystemExit):
        command.main(["restart"])


HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_ledger_that_another_process_has_open_gives_one_line(commanded, capsys, monkeypatch):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(commanded.ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LedgerBusy), opened(commanded.ledger):
            pass
        assert command.main(["verify"]) == build_command.BUSY
        output = capsys.readouterr().err
        assert "is open in another process" in output and str(holder.pid) in output
        assert len(output.strip().splitlines()) == 1
        monkeypatch.setattr(build_command, "run_dbt", lambda *_: pytest.fail("dbt was started"))
        assert build_command.main([]) == build_command.BUSY
        assert f"(PID {holder.pid})" in " ".join(capsys.readouterr().out.split())
    finally:
        holder.communicate("")
    assert Places.from_environment().database == commanded.places.database
    assert command.main(["verify"]) == 0
