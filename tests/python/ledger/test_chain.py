"""A ledger that was emptied, cut, edited or exchanged is seen, and what builds do to it is not."""

from __future__ import annotations

import hashlib
import json
import shutil

import duckdb
import pytest
from rich.console import Console
from small_company import CHAIN, LEAVES, PREDICTIONS, VALUES, Company

from customer_success import build as build_command
from customer_success.ledger import chain
from customer_success.ledger.opening import opened
from customer_success.ledger.tables import KINDS
from customer_success.ledger.verify import verify_ledger


def test_an_unchanged_ledger_holds(company):
    assert verify_ledger(company.ledger) == []
    assert company.start() == []
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
    """Computed again in Python, from the description in chain.py alone."""
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
        "1 rows are in the table that no batch has",
    ),
    "row repeated": (
        [f"insert into {VALUES} from {VALUES} limit 1"],
        "1 rows are in the table that no batch has",
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
    statements, output = TAMPERED[what]
    company.sql(*statements)
    messages = company.start()
    assert any(output in message for message in messages), messages


def test_a_rewritten_chain_is_caught_by_the_published_head(company):
    company.sql(
        f"update {VALUES} set value = 52 where value = 42", f"delete from {CHAIN}", f"delete from {LEAVES}"
    )
    with opened(company.ledger, write=True) as connection:
        for kind in KINDS:
            connection.execute(
                chain.append_script(kind, f"select * from ledger.ledger.{kind} where false", "null", "null")
            )
    assert verify_ledger(company.ledger) == []
    assert any("this is another ledger, or it was rewritten" in message for message in company.start())


def test_another_ledger_in_its_place_is_seen(company, tmp_path):
    other = Company(tmp_path / "other", values={"nps": 1.0, "churn": 0.9})
    other.folder.mkdir()
    other.build().publish()
    other.next_day().build().publish()
    shutil.copy2(other.ledger, company.ledger)
    assert any("another ledger" in message for message in company.start())


@pytest.mark.parametrize("content", [None, "nothing", b"no database at all " * 100])
def test_a_ledger_that_is_lost_stops_the_build_and_names_the_way_out(company, content):
    company.ledger.unlink()
    if content == "nothing":
        duckdb.connect(str(company.ledger)).close()
    elif content:
        company.ledger.write_bytes(content)
    messages = company.start()
    assert messages and all("ledger restart --reason" in message for message in messages)


def test_the_build_command_stops_before_dbt(company, monkeypatch, tmp_path, capsys):
    company.sql(f"delete from {VALUES} where publication_number = 2")
    monkeypatch.setattr(build_command, "run_dbt", lambda *_: pytest.fail("dbt was started"))
    monkeypatch.setattr(build_command, "show_failure", lambda problems, *_: print(problems))
    monkeypatch.setenv("CS_LEDGER", str(company.ledger))
    command_line = ["dbt", "build", "--target-path", str(tmp_path)]
    assert build_command.build(command_line, {}, company.places, Console(quiet=True)) == 1
    assert "are gone or edited" in capsys.readouterr().out
