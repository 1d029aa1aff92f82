"""What complete and killed builds, and erasures, do to the ledger: none of it breaks the chain."""

from __future__ import annotations

import duckdb
from small_company import CHAIN, LEAVES, PREDICTIONS, VALUES, Company

from customer_success.churn.ledger import record_predictions
from customer_success.ledger import chain
from customer_success.ledger.opening import opened
from customer_success.ledger.record import plan
from customer_success.ledger.start import check_ledger, settle
from customer_success.ledger.verify import verify_ledger


def test_the_first_build_has_nothing_to_check(tmp_path):
    assert Company(tmp_path).start() == []
    assert Company(tmp_path).build().start() == []


def test_a_build_that_published_nothing_may_have_seen_households(company):
    company.next_day().households.append("h7")
    company.build()
    assert company.start() == []
    assert company.rows(f"select max(sequence) from {CHAIN} where kind = 'households_seen'") == [(2,)]
    company.publish()
    assert company.start() == []


def test_no_other_rows_may_come_after_those_of_a_publication(company):
    """Rows and entry are in order, but no publication made them."""
    with opened(company.ledger, write=True) as connection:
        query = f"select * replace (9 as publication_number, 99 as value) from {VALUES} limit 1"
        connection.execute(
            chain.append_script("published_metric_values", query, "'build 2'", "date '2026-07-01'")
        )
    assert verify_ledger(company.ledger) == []
    assert any("no publication made it" in message for message in company.start())


def test_a_build_killed_between_the_swap_and_the_ledger_is_noted_by_the_next(company):
    company.next_day(nps=50.0).build().publish(note=False)
    assert any(
        "what came after is missing" in p.message for p in check_ledger(company.places, company.ledger)
    )
    (output,) = settle(company.places, company.ledger)
    assert "has now been noted" in output
    assert check_ledger(company.places, company.ledger) == []
    assert company.rows(f"select max(value) from {VALUES}") == [(50.0,)]
    assert settle(company.places, company.ledger) == []


def test_a_build_killed_before_the_swap_leaves_nothing(company):
    before = company.rows(f"from {CHAIN} order by all")
    company.next_day(nps=50.0).build()
    plan(company.places.database, company.ledger, "build 3")
    assert company.start() == []
    assert company.rows(f"from {CHAIN} order by all") == before


def test_a_cut_tail_is_not_taken_for_a_killed_build(company):
    company.sql(
        *(f"delete from {table} where sequence = 2" for table in (CHAIN, LEAVES)),
        f"delete from {VALUES} where publication_number = 2",
        f"delete from {PREDICTIONS} where scored_as_of = '2026-07-01'",
        "delete from ledger.ledger.published_model_runs where as_of_date = '2026-07-01'",
    )
    assert verify_ledger(company.ledger) == []
    assert any("what came after is missing" in message for message in company.start())


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
    (output,) = settle(company.places, company.ledger)
    assert "had no hash chain yet: its 17 rows" in output
    assert company.start() == []
    assert settle(company.places, company.ledger) == []
    company.next_day().build().publish()
    assert company.start() == []
    company.sql(f"delete from {VALUES} where publication_number = 1 and metric = 'nps'")
    assert any("1 of 3 rows of batch 1" in message for message in company.start())


def test_an_erased_household_leaves_the_ledger_and_the_chain_holds(company):
    company.households.remove("h2")
    company.next_day().build().publish()
    assert company.start() == []
    assert company.rows(f"select count(*) from {PREDICTIONS} where household_id = 'h2'") == [(0,)]
    assert company.rows("select count(*) from ledger.ledger.household_salts where household_id = 'h2'") == [
        (0,)
    ]
    erasures = company.rows(f"select kind, row_count from {CHAIN} where entry = 'erasure'")
    assert erasures == [("published_predictions", 2)]
    assert b"h2" not in b"".join(leaf for (leaf,) in company.rows(f"select leaf from {LEAVES}"))
    company.next_day().build().publish()
    assert company.start() == []


def test_a_household_that_is_later_than_the_build_is_not_erased(company):
    """Back in time only some have signed up; the source has all of them."""
    with duckdb.connect(str(company.places.database)) as connection:
        connection.execute("create table staging.stg_app__households as select 'h1' as household_id")
    with opened(company.ledger, write=True, database=company.places.database) as connection:
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
    assert any("batch 3 (2026-07-01, erasure) comes after batch 2" in message for message in company.start())


def test_a_leaf_called_erased_without_an_entry_is_refused(company):
    company.sql(
        f"update {LEAVES} set erased_in = 3 where kind = 'published_predictions' and sequence = 1",
        f"delete from {PREDICTIONS} where scored_as_of = '2026-06-30'",
    )
    assert any(
        "batch 3 (no entry) was written with 0 row hashes and has 6" in message for message in company.start()
    )
