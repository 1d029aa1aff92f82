"""The recount's reading of rows that were loaded twice, deleted, of the test mode, or of two households."""

from __future__ import annotations

import hashlib
from datetime import datetime

import duckdb
import pyarrow as pa
import pytest

from recount.raw_tables import EARLY, LATER, kept, read, verdicts, write_households, write_parquet

FIRST, SECOND = datetime(2026, 3, 2), datetime(2026, 3, 3)
FLAG, MOMENT = pa.bool_(), pa.timestamp("us")


def classes(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> dict:
    """Return {value of a column: reason, or class where there is none}."""
    query = f"select {column}, coalesce(reason, row_class) from raw_read.{table.replace('.', '__')}"
    return dict(connection.execute(query).fetchall())


def test_the_last_load_stands(tmp_path):
    """A load without a time is the oldest; one that is later than the day is later, and not superseded."""
    user = {"id": "u", "created_at": EARLY}
    rows = [
        {**user, "email": "second", "_fivetran_synced": SECOND},
        {**user, "email": "first", "_fivetran_synced": FIRST},
        {**user, "email": "unknown when", "_fivetran_synced": None},
        {**user, "email": "too late", "created_at": LATER, "_fivetran_synced": datetime(2026, 3, 1)},
    ]
    write_parquet(tmp_path, "app.users", rows)
    assert classes(read(tmp_path), "app.users", "email") == {
        "second": "kept",
        "first": "superseded",
        "unknown when": "superseded",
        "too late": "later",
    }


def test_a_load_is_chosen_before_it_is_classified(tmp_path):
    """The last load decides even where it is later than the day, or does not hold."""
    user = {"id": "u", "created_at": EARLY, "email": "first", "_fivetran_synced": FIRST}
    later = {**user, "created_at": LATER, "email": "later", "_fivetran_synced": SECOND}
    write_parquet(tmp_path, "app.users", [user, later])
    write_households(tmp_path)
    pet = {"id": "p", "household_id": "h1", "added_at": EARLY, "name": "first", "_fivetran_synced": FIRST}
    odd = {**pet, "name": "odd", "removed_at": datetime(2026, 1, 1), "_fivetran_synced": SECOND}
    write_parquet(tmp_path, "app.pets", [pet, odd])
    connection = read(tmp_path)
    assert classes(connection, "app.users", "email") == {"first": "superseded", "later": "later"}
    assert classes(connection, "app.pets", "name") == {"first": "superseded", "odd": "end_before_start"}


def test_of_loads_of_one_moment_the_one_changed_last_stands(tmp_path):
    user = {"id": "u", "created_at": EARLY, "_fivetran_synced": FIRST}
    rows = [
        {**user, "email": "older", "updated_at": FIRST},
        {**user, "email": "newer", "updated_at": SECOND},
        {**user, "email": "unknown when", "updated_at": None},
    ]
    write_parquet(tmp_path, "app.users", rows, updated_at=MOMENT)
    assert kept(read(tmp_path), "app__users", "email") == [("newer",)]


@pytest.mark.parametrize("price", ["999", "1000"])
def test_else_the_one_with_the_highest_hash_stands(tmp_path, price):
    """Over the columns in the order in which the connector writes them, further ones after them."""
    rows = [{"id": "p", "currency": "usd", "unit_amount": amount} for amount in (int(price), 7)]
    write_parquet(tmp_path, "stripe.price", rows)
    hashes = {}
    for row in rows:
        # _fivetran_synced, billing_scheme, currency, id, product_id, three of recurring_…, unit_amount and
        # unit_amount_decimal; then two of transform_quantity_… and type
        text = "|".join(("", "", "usd", "p", "", "", "", "", str(row["unit_amount"]), "", "", "", ""))
        hashes[hashlib.md5(text.encode()).hexdigest()] = row["unit_amount"]
    assert kept(read(tmp_path), "stripe__price", "unit_amount") == [(hashes[max(hashes)],)]


def test_one_key_in_two_households_collides(tmp_path):
    """Both are named; an older load of one is superseded, and an unknown household is no other one."""
    write_households(tmp_path)
    pet = {"id": "p", "added_at": EARLY, "_fivetran_synced": FIRST}
    rows = [
        {**pet, "household_id": "h1", "name": "old load"},
        {**pet, "household_id": "h1", "name": "of h1", "_fivetran_synced": SECOND},
        {**pet, "household_id": "h2", "name": "of h2"},
        {**pet, "id": "q", "household_id": None, "name": "not linked yet"},
        {**pet, "id": "q", "household_id": "h1", "name": "linked", "_fivetran_synced": SECOND},
        {**pet, "id": "r", "household_id": "h1", "name": "given away", "_fivetran_deleted": True},
        {**pet, "id": "r", "household_id": "h2", "name": "taken in"},
        {**pet, "id": "s", "household_id": "h1", "name": "present"},
        {**pet, "id": "s", "household_id": "h2", "name": "not yet", "added_at": LATER},
    ]
    write_parquet(tmp_path, "app.pets", rows, _fivetran_deleted=FLAG)
    assert classes(read(tmp_path), "app.pets", "name") == {
        "old load": "superseded",
        "of h1": "key_collision",
        "of h2": "key_collision",
        "not linked yet": "superseded",
        "linked": "kept",
        "given away": "deleted",
        "taken in": "kept",
        "present": "kept",
        "not yet": "later",
    }


@pytest.mark.parametrize("column", ["_fivetran_deleted", "is_deleted"])
def test_deleted_rows_are_gone(tmp_path, column):
    """So are rows that refer to them; a load before the deletion does not come back."""
    write_households(tmp_path)
    write_parquet(tmp_path, "zendesk.organization", [{"id": "o", "external_id": "h1"}])
    ticket = {"organization_id": "o", "status": "open", "created_at": EARLY}
    tickets = [
        {"id": "t1", **ticket, "subject": "old", "_fivetran_synced": FIRST, column: False},
        {"id": "t1", **ticket, "subject": "gone", "_fivetran_synced": SECOND, column: True},
        {"id": "t2", **ticket, "subject": "late", "created_at": LATER, column: True},
        {"id": "t3", **ticket, "subject": "there", column: None},
    ]
    write_parquet(tmp_path, "zendesk.ticket", tickets, **{column: FLAG})
    comments = [{"id": f"of_{ticket}", "ticket_id": ticket, "created": EARLY} for ticket in ("t1", "t3")]
    write_parquet(tmp_path, "zendesk.ticket_comment", comments)
    connection = read(tmp_path)
    assert classes(connection, "zendesk.ticket", "subject") == {
        "old": "superseded",
        "gone": "deleted",
        "late": "later",
        "there": "kept",
    }
    assert verdicts(connection, "zendesk.ticket_comment") == {"of_t1": "deleted", "of_t3": "kept"}


def test_what_refers_to_a_deleted_customer_stays(tmp_path):
    """The customer itself is marked; one that never held leads nowhere."""
    write_households(tmp_path)
    customer = {"created": EARLY, "is_deleted": True}
    customers = [
        {"id": "left", **customer, "metadata": '{"household_id": "h1"}'},
        {"id": "odd", **customer, "metadata": "{}"},
    ]
    write_parquet(tmp_path, "stripe.customer", customers, is_deleted=FLAG)
    charge = {"amount": 1, "currency": "usd", "status": "succeeded", "created": EARLY}
    charges = [{"id": name, "customer_id": name, **charge} for name in ("left", "odd")]
    write_parquet(tmp_path, "stripe.charge", charges)
    connection = read(tmp_path)
    assert verdicts(connection, "stripe.customer") == {"left": "deleted", "odd": "deleted"}
    assert kept(connection, "stripe__customer", "id, is_deleted") == [("left", True)]
    assert verdicts(connection, "stripe.charge") == {"left": "kept", "odd": "unknown_household"}


def test_a_deleted_household_is_an_erased_one(tmp_path):
    """Without its JSON; one that was deleted and is there again is none."""
    home = {"created_at": EARLY, "_fivetran_synced": FIRST}
    homes = [
        {"id": "gone", **home, "_fivetran_deleted": False},
        {"id": "gone", **home, "_fivetran_deleted": True, "_fivetran_synced": SECOND},
        {"id": "back", **home, "_fivetran_deleted": True},
        {"id": "back", **home, "_fivetran_deleted": False, "_fivetran_synced": SECOND},
    ]
    write_parquet(tmp_path, "app.households", homes, _fivetran_deleted=FLAG)
    pets = [{"id": name, "household_id": name, "added_at": EARLY} for name in ("gone", "back", "nobody")]
    write_parquet(tmp_path, "app.pets", [*pets, {"household_id": "gone", "added_at": EARLY}])
    connection = read(tmp_path)
    assert kept(connection, "app__households", "id") == [("back",)]
    found = connection.execute(
        "select id, coalesce(reason, row_class), row_json is null from raw_read.app__pets order by id"
    )
    assert found.fetchall() == [
        ("back", "kept", True),
        ("gone", "erased_household", True),
        ("nobody", "unknown_household", False),
        (None, "null_key", True),
    ]


def test_the_test_mode_is_nowhere(tmp_path):
    """It supersedes nothing, comes before deletion, and rows that refer to it have its class."""
    write_households(tmp_path)
    customer = {"id": "cus", "created": EARLY, "metadata": '{"household_id": "h1"}'}
    write_parquet(tmp_path, "stripe.customer", [customer])
    charge = {"customer_id": "cus", "currency": "usd", "status": "succeeded", "created": EARLY}
    charges = [
        {"id": "c1", **charge, "amount": 1, "livemode": True, "_fivetran_synced": FIRST},
        {"id": "c1", **charge, "amount": 2, "livemode": False, "_fivetran_synced": SECOND},
        {"id": "c2", **charge, "amount": 3, "livemode": False, "is_deleted": True},
        {"id": "c3", **charge, "amount": 4, "livemode": None},
        {"id": "c4", **charge, "amount": 5, "livemode": False, "created": LATER},
    ]
    write_parquet(tmp_path, "stripe.charge", charges, livemode=FLAG, is_deleted=FLAG)
    refund = {"amount": 1, "currency": "usd", "status": "succeeded", "created": EARLY}
    refunds = [{"id": name, "charge_id": name, **refund} for name in ("c1", "c2")]
    write_parquet(tmp_path, "stripe.refund", refunds)
    connection = read(tmp_path)
    found = classes(connection, "stripe.charge", "amount")
    assert found == {1: "kept", 2: "not_live", 3: "not_live", 4: "kept", 5: "later"}
    assert verdicts(connection, "stripe.refund") == {"c1": "kept", "c2": "not_live"}


def test_deleted_deliveries_of_events(tmp_path):
    """An event that the source deleted is gone, and another delivery of it is no duplicate."""
    write_households(tmp_path)
    event = {"event_id": "e", "household_id": "h1", "occurred_at": EARLY}
    rows = [
        {**event, "received_at": FIRST, "page": "deleted", "_fivetran_deleted": True},
        {**event, "received_at": SECOND, "page": "kept", "_fivetran_deleted": False},
    ]
    write_parquet(tmp_path, "product.events", rows, _fivetran_deleted=FLAG)
    found = classes(read(tmp_path), "product.events", "page")
    assert found == {"deleted": "deleted", "kept": "kept"}
