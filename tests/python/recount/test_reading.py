"""The recount's reading of raw tables: the class of each row, and the values that it keeps."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pyarrow as pa
from harness import END

from customer_success.recount.households import staging as pandas_staging
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.rules import Rules
from customer_success.recount.reading import sources_present
from customer_success.recount.reading.contract import TABLES
from recount.raw_tables import (
    EARLY,
    LATER,
    kept,
    read,
    verdicts,
    write_csv,
    write_households,
    write_parquet,
)


def test_absent_tables_are_empty_and_typed(tmp_path):
    write_households(tmp_path)
    connection = read(tmp_path)
    assert sources_present(connection) == {"app.households"}
    for table in TABLES:
        if table.name != "app.households":
            assert kept(connection, table.flat_name) == []
            described = connection.execute(f"describe from raw_kept.{table.flat_name}").fetchall()
            assert {name: kind for name, kind, *_ in described}.items() >= table.columns.items()


def test_rows_without_a_defect_are_kept_and_the_others_have_a_reason(tmp_path):
    write_households(tmp_path)
    member = {"user_id": "u", "joined_at": EARLY}
    rows = [
        {"id": "good", "household_id": "h1", **member},
        {"id": "later", "household_id": "nobody", **member, "joined_at": LATER},
        {"id": "undated", "household_id": "h1", **member, "joined_at": None},
        {"id": None, "household_id": "h1", **member},
        {"id": "stranger", "household_id": "nobody", **member},
        {"id": "of_bad", "household_id": "bad", **member},
        {"id": "of_later", "household_id": "later", **member},
        {"id": "backwards", "household_id": "h1", **member, "left_at": datetime(2026, 2, 1)},
    ]
    write_parquet(tmp_path, "app.household_members", rows)
    assert verdicts(read(tmp_path), "app.household_members") == {
        "good": "kept",
        "later": "later",
        "undated": "bad_timestamp",
        None: "null_key",
        "stranger": "unknown_household",
        "of_bad": "unknown_household",
        "of_later": "unknown_household",
        "backwards": "end_before_start",
    }


def test_text_is_read_and_what_does_not_parse_is_seen(tmp_path):
    write_households(tmp_path)
    setting = {"household_id": "h1", "feature_name": "reminders", "is_enabled": "true"}
    moments = {
        "plain": "2026-03-01 12:00:00",
        "iso": "2026-03-01T12:00:00Z",
        "east": "2026-03-01 14:00:00+02:00",
        "west": "2026-03-01T07:00:00-05:00",
        "no_such_day": "2026-02-30 12:00:00",
        "words": "soon",
    }
    rows = [{"id": key, "changed_at": moment, **setting} for key, moment in moments.items()]
    rows.append({"id": "perhaps", "changed_at": moments["plain"], **setting, "is_enabled": "perhaps"})
    write_csv(tmp_path, "app.feature_settings", rows)
    connection = read(tmp_path)
    found = verdicts(connection, "app.feature_settings")
    assert {key: found.pop(key) for key in ("no_such_day", "words", "perhaps")} == {
        "no_such_day": "bad_timestamp",
        "words": "bad_timestamp",
        "perhaps": "bad_value",
    }
    assert set(found.values()) == {"kept"}
    assert {row[0] for row in kept(connection, "app__feature_settings", "changed_at")} == {EARLY}


def test_moments_with_a_zone_are_utc(tmp_path):
    write_households(tmp_path)
    row = {"id": "s", "household_id": "h1", "changed_at": EARLY}
    write_parquet(tmp_path, "app.feature_settings", [row], changed_at=pa.timestamp("us", tz="Europe/Berlin"))
    assert kept(read(tmp_path), "app__feature_settings", "changed_at") == [(EARLY,)]


def test_a_row_on_the_last_moment_of_the_day_is_seen(tmp_path):
    last = datetime(2026, 3, 31, 23, 59, 59, 999999)
    write_parquet(tmp_path, "app.users", [{"id": "a", "created_at": last}, {"id": "b", "created_at": LATER}])
    assert verdicts(read(tmp_path), "app.users") == {"a": "kept", "b": "later"}


def test_what_changes_later_is_not_known_yet(tmp_path):
    write_households(tmp_path, closed_at=LATER)
    task = {"household_id": "h1", "created_at": EARLY, "completed_by": "u"}
    tasks = [{"id": "open", **task, "completed_at": LATER}, {"id": "done", **task, "completed_at": EARLY}]
    write_parquet(tmp_path, "app.tasks", tasks)
    companies = [
        {"id": "c1", "household_id": "h1", "owner_id": "o", "assigned_at": LATER},
        {"id": "c2", "household_id": "h2", "owner_id": "o", "assigned_at": None},
    ]
    write_parquet(tmp_path, "hubspot.company", companies)
    connection = read(tmp_path)
    assert kept(connection, "app__households", "id, closed_at") == [("h1", None), ("h2", None)]
    assert kept(connection, "app__tasks", "id, completed_by") == [("done", "u"), ("open", None)]
    assert kept(connection, "hubspot__company", "id, owner_id") == [("c1", None), ("c2", "o")]


def test_a_status_changed_later_was_new_then(tmp_path):
    write_households(tmp_path)
    write_parquet(tmp_path, "zendesk.organization", [{"id": "o", "external_id": "h1"}])
    ticket = {"organization_id": "o", "status": "solved", "created_at": EARLY}
    write_parquet(tmp_path, "zendesk.ticket", [{"id": "t1", **ticket}, {"id": "t2", **ticket}])
    change = {"ticket_id": "t1", "field_name": "status", "value": "solved"}
    write_parquet(tmp_path, "zendesk.ticket_field_history", [{**change, "updated": LATER}])
    assert kept(read(tmp_path), "zendesk__ticket", "id, status") == [("t1", "new"), ("t2", "solved")]


def test_rows_lead_to_their_household(tmp_path):
    write_households(tmp_path)
    customer = {"id": "cus", "created": EARLY, "metadata": '{"household_id": "h1"}'}
    no_json = {"id": "broken", "created": EARLY, "metadata": "household_id: h1"}
    write_parquet(tmp_path, "stripe.customer", [customer, no_json])
    charge = {
        "customer_id": "cus",
        "amount": 1000,
        "currency": "USD",
        "status": "succeeded",
        "created": EARLY,
    }
    write_parquet(
        tmp_path, "stripe.charge", [{"id": "ch", **charge}, {"id": "eur", **charge, "currency": "eur"}]
    )
    refund = {"amount": 5, "currency": "usd", "status": "succeeded", "created": EARLY}
    refunds = [{"id": "re", "charge_id": "ch", **refund}, {"id": "of_eur", "charge_id": "eur", **refund}]
    write_parquet(tmp_path, "stripe.refund", refunds)
    write_parquet(tmp_path, "zendesk.organization", [{"id": "o2", "external_id": "h2"}])
    write_parquet(tmp_path, "zendesk.user", [{"id": "asker", "organization_id": "o2"}])
    ticket = {"status": "open", "created_at": EARLY}
    tickets = [{"id": "t", **ticket, "requester_id": "asker"}, {"id": "lost", **ticket}]
    write_parquet(tmp_path, "zendesk.ticket", tickets)
    connection = read(tmp_path)
    assert verdicts(connection, "stripe.customer") == {"cus": "kept", "broken": "unknown_household"}
    assert verdicts(connection, "stripe.charge") == {"ch": "kept", "eur": "kept"}
    assert verdicts(connection, "stripe.refund") == {"re": "kept", "of_eur": "kept"}
    assert verdicts(connection, "zendesk.ticket") == {"t": "kept", "lost": "unknown_household"}
    assert kept(connection, "stripe__refund", "id, household_id, amount") == [
        ("of_eur", "h1", 5),
        ("re", "h1", 5),
    ]
    assert kept(connection, "zendesk__ticket", "id, household_id") == [("t", "h2")]


def test_an_erased_household_leaves_no_json(tmp_path):
    """Independent of other errors in its rows."""
    write_households(tmp_path)
    ledger = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(ledger)) as connection:
        connection.execute("create schema ledger")
        seen = "select sha256(unnest(['h1', 'gone'])) as household_hash"
        connection.execute(f"create table ledger.ledger.households_seen as {seen}")
    pet = {"name": "Rex", "added_at": EARLY}
    pets = [
        {"id": "kept", "household_id": "h1", **pet},
        {"id": "erased", "household_id": "gone", **pet},
        {"id": None, "household_id": "gone", **pet},
        {"id": "stranger", "household_id": "nobody", **pet},
    ]
    write_parquet(tmp_path, "app.pets", pets)
    connection = read(tmp_path, ledger=ledger)
    rows = connection.execute(
        "select id, coalesce(reason, row_class), row_json is not null from raw_read.app__pets order by id"
    ).fetchall()
    assert rows == [
        ("erased", "erased_household", False),
        ("kept", "kept", False),
        ("stranger", "unknown_household", True),
        (None, "null_key", False),
    ]


def test_connectors_land_tables_in_the_database(tmp_path):
    """Other schemas, other column cases, columns that the contract does not have."""
    database = tmp_path / "working.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema landed")
        connection.execute(
            "create table landed.households as"
            " select 'h1' as ID, timestamp '2026-03-01' as created_at, 1 as extra"
        )
    connection = read(None, database, raw_schema_app="landed")
    assert sources_present(connection) == {"app.households"}
    assert kept(connection, "app__households", "id, created_at, region") == [
        ("h1", datetime(2026, 3, 1), None)
    ]


def test_folders_of_parquet_and_packed_csv(tmp_path):
    for part in ("a", "b"):
        write_parquet(tmp_path / part, "app.users", [{"id": part, "created_at": EARLY}])
    folder = tmp_path / "raw" / "app" / "users"
    folder.mkdir(parents=True)
    for part in ("a", "b"):
        (tmp_path / part / "app" / "users.parquet").rename(folder / f"{part}.parquet")
    write_csv(tmp_path / "c", "hubspot.owner", [{"id": "o", "portfolio_size": "12"}])
    packed = gzip.compress((tmp_path / "c" / "hubspot" / "owner.csv").read_bytes())
    (tmp_path / "raw" / "hubspot").mkdir()
    (tmp_path / "raw" / "hubspot" / "owner.csv.gz").write_bytes(packed)
    connection = read(tmp_path / "raw")
    assert kept(connection, "app__users", "id") == [("a",), ("b",)]
    assert kept(connection, "hubspot__owner", "id, portfolio_size") == [("o", 12)]


def test_agrees_with_the_recomputation_in_pandas(small_raw):
    """A third, independent reading gives the same class for each row of a whole company."""
    connection = read(small_raw, as_of=END)
    day = (END - date(1970, 1, 1)).days
    staged = pandas_staging.stage(load_raw(small_raw), day, Rules.read())
    counts = {(row["source"], row["table"]): row for row in staged.counts}
    for (source, name), theirs in counts.items():
        ours = dict(
            connection.execute(
                f"select row_class, count(*) from raw_read.{source}__{name} group by all"
            ).fetchall()
        )
        assert ours.get("kept", 0) == theirs["staged"], f"{source}.{name}"
        assert ours.get("later", 0) == theirs["later"], f"{source}.{name}"
        assert ours.get("duplicate", 0) == theirs["duplicates"], f"{source}.{name}"
    quarantined = pandas_staging.quarantine_frame(staged).groupby(["source", "table", "reason"]).size()
    for (source, name, reason), rows in quarantined.items():
        found = f"select count(*) from raw_read.{source}__{name} where reason = '{reason}'"
        assert connection.execute(found).fetchone()[0] == rows, f"{source}.{name} {reason}"
    amounts = connection.execute("select sum(amount) from raw_kept.stripe__charge").fetchone()[0]
    assert Decimal(amounts) == Decimal(staged["stripe.charge"]["amount"].sum())
