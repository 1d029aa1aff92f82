"""A ledger that was emptied, cut, edited or exchanged is seen, and what builds do to it is not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys

import duckdb
import pytest
from rich.console import Console
from small_company import Company

from customer_success import build as build_command
from customer_success.churn.ledger import record_predictions
from customer_success.ledger import __main__ as command
from customer_success.ledger import chain
from customer_success.ledger.opening import LedgerBusy, opened
from customer_success.ledger.start import check_ledger, restart, settle
from customer_success.ledger.tables import KINDS
from customer_success.ledger.verify import verify_ledger
from customer_success.publish import Places

VALUES, PREDICTIONS = "ledger.ledger.published_metric_values", "ledger.ledger.published_predictions"
CHAIN, LEAVES = "ledger.ledger.chain", "ledger.ledger.chain_leaves"


def start(company: Company) -> list[str]:
    """What the build command says is wrong before dbt starts."""
    settle(company.places, company.ledger)
    return [problem.message for problem in check_ledger(company.places, company.ledger)]


def test_a_ledger_that_nobody_touched_holds(company):
    assert verify_ledger(company.ledger) == []
    assert start(company) == []
    batches = company.rows(f"select kind, max(sequence), sum(row_count) from {CHAIN} group by 1 order by 1")
    assert batches == [
        ("households_seen", 1, 6),
        ("published_metric_values", 2, 3),
        ("published_metric_versions", 1, 2),
        ("published_model_runs", 2, 2),
        ("published_predictions", 2, 12),
    ]


def test_the_published_version_carries_the_heads(company):
    with opened(company.ledger) as connection:
        heads = chain.heads(connection)
    assert company.published_heads() == {kind: [head.sequence, head.head] for kind, head in heads.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_hashes_are_those_of_the_description(company, kind):
    """Computed anew in Python, from the words of chain.py alone."""
    columns = sorted(KINDS[kind])
    salts = dict(company.rows("from ledger.ledger.household_salts"))
    leaves = []
    for row in company.rows(f"select {', '.join(columns)} from ledger.ledger.{kind}"):
        fields = [
            f"{column}={value:.17g}" if isinstance(value, float) else f"{column}={value}"
            for column, value in zip(columns, row, strict=True)
            if value is not None
        ]
        text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
        salt = salts[row[columns.index("household_id")]] if kind == "published_predictions" else ""
        leaves.append(hashlib.sha256((salt + text).encode()).hexdigest())
    stored = company.rows(f"select lower(hex(leaf)), sequence from {LEAVES} where kind = '{kind}'")
    assert sorted(leaves) == sorted(leaf for leaf, _ in stored)
    before = "0" * 64
    for number, entry, count, content, previous, head, run, day, note, replaces in company.rows(
        "select sequence, entry, row_count, content_hash, previous_head, head, invocation_id, as_of_date,"
        f" note, replaces from {CHAIN} where kind = '{kind}' order by sequence"
    ):
        batch = sorted(leaf for leaf, sequence in stored if sequence == number)
        assert (count, previous) == (len(batch), before)
        assert content == hashlib.sha256("".join(batch).encode()).hexdigest()
        parts = [previous, kind, number, entry, count, content, run, day, note, replaces]
        words = json.dumps([part if part is None else str(part) for part in parts], separators=(",", ":"))
        before = hashlib.sha256(words.encode()).hexdigest()
        assert head == before


TAMPERED = {
    "emptied table": ([f"delete from {VALUES}"], "2 of 2 rows of batch 1 (2026-06-30) are gone or edited"),
    "removed row": (
        [f"delete from {VALUES} where metric = 'churn'"],
        "1 of 2 rows of batch 1 (2026-06-30) are gone or edited",
    ),
    "edited value": (
        [f"update {VALUES} set value = 52 where value = 42"],
        "1 of 1 rows of batch 2 (2026-07-01) are gone or edited",
    ),
    "added row": (
        [f"insert into {VALUES} select * replace (4 as publication_number) from {VALUES} limit 1"],
        "1 rows stand in the table that no batch has",
    ),
    "row said twice": (
        [f"insert into {VALUES} from {VALUES} limit 1"],
        "1 rows stand in the table that no batch has",
    ),
    "edited prediction": (
        [f"update {PREDICTIONS} set churn_probability = 0.01 where household_id = 'h2'"],
        "published_predictions: 1 of 6 rows of batch 1",
    ),
    "removed prediction": (
        [f"delete from {PREDICTIONS} where household_id = 'h2'"],
        "published_predictions: 1 of 6 rows of batch 1",
    ),
    "removed salt": (
        ["delete from ledger.ledger.household_salts where household_id = 'h2'"],
        "published_predictions: 1 of 6 rows of batch 1",
    ),
    "removed household": (
        ["delete from ledger.ledger.households_seen where household_hash = sha256('h1')"],
        "households_seen: 1 of 6 rows of batch 1",
    ),
    "removed leaf": (
        [f"delete from {LEAVES} where kind = 'published_metric_values' and sequence = 2"],
        "batch 2 (2026-07-01) was written with 1 row hashes and has 0",
    ),
    "row and leaf edited": (
        [
            f"update {VALUES} set value = 52 where value = 42",
            f"update {LEAVES} set leaf = (select {chain.leaf('published_metric_values')}"
            f" from (from {VALUES} where value = 52) as line)"
            " where kind = 'published_metric_values' and sequence = 2",
        ],
        "batch 2 (2026-07-01) was written with 1 row hashes and has 1, or others",
    ),
    "edited entry": (
        [
            f"update {CHAIN} set as_of_date = '2026-06-01'"
            " where sequence = 1 and kind = 'published_metric_values'"
        ],
        "published_metric_values: the entry of batch 1 (2026-06-01) was changed",
    ),
    "entry taken out": (
        [f"delete from {CHAIN} where kind = 'published_metric_values' and sequence = 1"],
        "published_metric_values: the chain has batch 2 (2026-07-01) where batch 1 should be",
    ),
    "cut tail": (
        [
            f"delete from {VALUES} where publication_number = 2",
            f"delete from {LEAVES} where kind = 'published_metric_values' and sequence = 2",
            f"delete from {CHAIN} where kind = 'published_metric_values' and sequence = 2",
        ],
        "the chain ends at batch 1 (2026-06-30); the version published as of 2026-07-01 was published at",
    ),
    "a kind without rows and chain": (
        [
            f"delete from {VALUES}",
            f"delete from {LEAVES} where kind = 'published_metric_values'",
            f"delete from {CHAIN} where kind = 'published_metric_values'",
        ],
        "published_metric_values: the chain is empty",
    ),
    "all chains removed": ([f"delete from {CHAIN}", f"delete from {LEAVES}"], "and there is no chain"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_seen_and_its_place_is_named(company, what):
    statements, said = TAMPERED[what]
    company.sql(*statements)
    messages = start(company)
    assert any(said in message for message in messages), messages


def test_whoever_rewrites_the_whole_chain_is_caught_by_the_published_head(company):
    company.sql(
        f"update {VALUES} set value = 52 where value = 42", f"delete from {CHAIN}", f"delete from {LEAVES}"
    )
    with opened(company.ledger, write=True) as connection:
        for kind in KINDS:
            connection.execute(
                chain.append_script(kind, f"select * from ledger.ledger.{kind} where false", "null", "null")
            )
    assert verify_ledger(company.ledger) == []
    assert any("it is another ledger, or this one was rewritten" in message for message in start(company))


def test_another_ledger_in_its_place_is_seen(company, tmp_path):
    other = Company(tmp_path / "other", values={"nps": 1.0, "churn": 0.9})
    other.folder.mkdir()
    other.build().publish()
    other.next_day().build().publish()
    shutil.copy2(other.ledger, company.ledger)
    assert any("another ledger" in message for message in start(company))


@pytest.mark.parametrize("content", [None, "nothing", b"no database at all " * 100])
def test_a_ledger_that_is_lost_stops_the_build_and_names_the_way_out(company, content):
    company.ledger.unlink()
    if content == "nothing":
        duckdb.connect(str(company.ledger)).close()
    elif content:
        company.ledger.write_bytes(content)
    messages = start(company)
    assert messages and all("ledger restart --reason" in message for message in messages)


def test_the_build_command_stops_before_dbt(company, monkeypatch, tmp_path, capsys):
    company.sql(f"delete from {VALUES} where publication_number = 2")
    monkeypatch.setattr(build_command, "run_dbt", lambda *_: pytest.fail("dbt was started"))
    monkeypatch.setattr(build_command, "show_failure", lambda problems, *_: print(problems))
    monkeypatch.setenv("CS_LEDGER", str(company.ledger))
    command_line = ["dbt", "build", "--target-path", str(tmp_path)]
    assert build_command.build(command_line, company.places, Console(quiet=True)) == 1
    assert "are gone or edited" in capsys.readouterr().out


# --- what builds do --------------------------------------------------------------------------


def test_the_first_build_has_nothing_to_check(tmp_path):
    assert start(Company(tmp_path)) == []
    assert start(Company(tmp_path).build()) == []


def test_a_build_that_published_nothing_may_have_seen_households(company):
    company.next_day().households.append("h7")
    company.build()
    assert start(company) == []
    assert company.rows(f"select max(sequence) from {CHAIN} where kind = 'households_seen'") == [(2,)]
    company.publish()
    assert start(company) == []


def test_no_other_rows_may_come_after_those_of_a_publication(company):
    """Rows and entry are in order, but no publication made them."""
    with opened(company.ledger, write=True) as connection:
        query = f"select * replace (9 as publication_number, 99 as value) from {VALUES} limit 1"
        connection.execute(
            chain.append_script("published_metric_values", query, "'build 2'", "date '2026-07-01'")
        )
    assert verify_ledger(company.ledger) == []
    assert any("no publication made it" in message for message in start(company))


def test_a_build_killed_between_the_swap_and_the_ledger_is_noted_by_the_next(company):
    company.next_day(nps=50.0).build().publish(note=False)
    assert any(
        "what came after is missing" in p.message for p in check_ledger(company.places, company.ledger)
    )
    (said,) = settle(company.places, company.ledger)
    assert "has now been noted" in said
    assert check_ledger(company.places, company.ledger) == []
    assert company.rows(f"select max(value) from {VALUES}") == [(50.0,)]
    assert settle(company.places, company.ledger) == []


def test_a_build_killed_before_the_swap_leaves_nothing(company):
    before = company.rows(f"from {CHAIN} order by all")
    company.next_day(nps=50.0).build()
    from customer_success.ledger.record import plan

    plan(company.places.database, company.ledger, "build 3")
    assert start(company) == []
    assert company.rows(f"from {CHAIN} order by all") == before


def test_a_cut_tail_is_not_taken_for_a_killed_build(company):
    company.sql(
        *(f"delete from {table} where sequence = 2" for table in (CHAIN, LEAVES)),
        f"delete from {VALUES} where publication_number = 2",
        f"delete from {PREDICTIONS} where scored_as_of = '2026-07-01'",
        "delete from ledger.ledger.published_model_runs where as_of_date = '2026-07-01'",
    )
    assert verify_ledger(company.ledger) == []
    assert any("what came after is missing" in message for message in start(company))


def test_a_ledger_from_before_chains_gets_them_once(company):
    """So does one of which dbt alone has already chained the households that it saw."""
    company.sql(
        *(f"drop table ledger.ledger.{name}" for name in ("chain", "chain_leaves", "household_salts"))
    )
    company.sql("drop table ledger.ledger.pending", "drop table ledger.ledger.published_metric_versions")
    with duckdb.connect(str(company.places.analytics)) as connection:
        connection.execute("alter table publication drop ledger_heads")
        connection.execute("alter table publication drop ledger_head")
    company.households.append("h7")
    company.note_households()
    (said,) = settle(company.places, company.ledger)
    assert "had no hash chain yet: its 17 rows" in said
    assert start(company) == []
    assert settle(company.places, company.ledger) == []
    company.next_day().build().publish()
    assert start(company) == []
    company.sql(f"delete from {VALUES} where publication_number = 1 and metric = 'nps'")
    assert any("1 of 3 rows of batch 1" in message for message in start(company))


# --- erasure ---------------------------------------------------------------------------------


def test_an_erased_household_leaves_the_ledger_and_the_chain_holds(company):
    company.households.remove("h2")
    company.next_day().build().publish()
    assert start(company) == []
    assert company.rows(f"select count(*) from {PREDICTIONS} where household_id = 'h2'") == [(0,)]
    assert company.rows("select count(*) from ledger.ledger.household_salts where household_id = 'h2'") == [
        (0,)
    ]
    erasures = company.rows(f"select kind, row_count from {CHAIN} where entry = 'erasure'")
    assert erasures == [("published_predictions", 2)]
    assert b"h2" not in b"".join(leaf for (leaf,) in company.rows(f"select leaf from {LEAVES}"))
    company.next_day().build().publish()
    assert start(company) == []


def test_a_household_that_is_later_than_the_build_is_not_erased(company):
    """Back in time: staging lacks it, raw has it."""
    with opened(company.ledger, write=True, database=company.places.database) as connection:
        connection.execute("create temp view stg_app__households as select 'h1' as household_id")
        connection.begin()
        record_predictions(connection)
        connection.commit()
    assert company.rows(f"select count(distinct household_id) from {PREDICTIONS}") == [(6,)]


def test_an_erasure_that_no_publication_made_is_refused(company):
    with opened(company.ledger, write=True, database=company.places.database) as connection:
        connection.begin()
        assert chain.erase(connection, "published_predictions", "household_id = 'h2'") == 2
        connection.commit()
    assert verify_ledger(company.ledger) == []
    assert any("batch 3 (2026-07-01, erasure) comes after batch 2" in message for message in start(company))


def test_a_leaf_called_erased_without_an_entry_is_refused(company):
    company.sql(
        f"update {LEAVES} set erased_in = 3 where kind = 'published_predictions' and sequence = 1",
        f"delete from {PREDICTIONS} where scored_as_of = '2026-06-30'",
    )
    assert any(
        "batch 3 (no entry) was written with 0 row hashes and has 6" in message for message in start(company)
    )


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def commanded(company, monkeypatch):
    monkeypatch.setenv("CS_DATABASE", str(company.places.database))
    monkeypatch.setenv("CS_PUBLISHED", str(company.places.published))
    monkeypatch.setenv("CS_LEDGER", str(company.ledger))
    return company


def test_verify_prints_the_heads(commanded, capsys):
    assert command.main(["verify"]) == 0
    said = capsys.readouterr().out
    assert all(head in said for _, head in commanded.published_heads().values())
    commanded.sql(f"delete from {VALUES}")
    assert command.main(["verify"]) == 1
    assert "are gone or edited" in capsys.readouterr().err


def test_restart_gives_its_reason_for_ever_and_keeps_what_there_is(commanded, capsys):
    commanded.sql(f"delete from {VALUES} where publication_number = 2")
    assert command.main(["restart", "--reason", "the disk's tail was lost"]) == 0
    assert "the disk's tail was lost" in capsys.readouterr().out
    assert start(commanded) == []
    assert commanded.rows(f"select distinct entry, note from {CHAIN} where sequence = 1") == [
        ("restart", "the disk's tail was lost")
    ]
    assert commanded.rows(f"select count(*) from {VALUES}") == [(2,)]
    assert (commanded.folder / "ledger.duckdb.before-restart-1").exists()
    commanded.next_day().build().publish()
    assert start(commanded) == []
    assert command.main(["verify"]) == 0
    assert "the disk's tail was lost" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"no database at all " * 100])
def test_restart_of_a_lost_ledger_begins_an_empty_one(company, content):
    company.ledger.unlink()
    if content:
        company.ledger.write_bytes(content)
    restart(company.places, company.ledger, "lost")
    assert start(company) == []
    company.next_day().build().publish()
    assert start(company) == []


def test_a_restart_for_another_version_does_not_count(company):
    restart(company.places, company.ledger, "lost")
    with duckdb.connect(str(company.places.analytics)) as connection:
        connection.execute("update publication set ledger_head = 'another'")
    assert any("another ledger" in message for message in start(company))


def test_restart_wants_a_reason(commanded):
    with pytest.raises(SystemExit):
        command.main(["restart"])


HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_ledger_that_another_process_has_open_is_said_in_one_line(commanded, capsys, monkeypatch):
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
        said = capsys.readouterr().err
        assert "is open in another process" in said and str(holder.pid) in said
        assert len(said.strip().splitlines()) == 1
        monkeypatch.setattr(build_command, "run_dbt", lambda *_: pytest.fail("dbt was started"))
        assert build_command.main([]) == build_command.BUSY
        assert "is open in another process" in " ".join(capsys.readouterr().out.split())
    finally:
        holder.communicate("")
    assert Places.from_environment().database == commanded.places.database
    assert command.main(["verify"]) == 0
