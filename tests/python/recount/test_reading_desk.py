"""The recount's reading of the desk: the household of each ticket, its words, and what was merged."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa
import pytest

from customer_success.recount.households import staging as pandas_staging
from customer_success.recount.households.desk import tickets as pandas_tickets
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.sample import raw_relations, sampled_world
from customer_success.recount.households.values import day_number
from recount.raw_tables import (
    AS_OF,
    EARLY,
    LATER,
    kept,
    read,
    variables,
    verdicts,
    write_households,
    write_parquet,
)

JANUARY, SUNDAY = datetime(2026, 1, 1), datetime(2026, 3, 8, 9)
ORGANIZATIONS = [
    {"id": "o1", "external_id": "h1"},
    {"id": "o2", "external_id": "h2", "_fivetran_deleted": True},
    {"id": "o_strange", "external_id": "nobody"},
]
USERS = [
    {"id": "r1", "external_id": "u1", "email": None, "organization_id": "o2", "role": "end-user"},
    {"id": "r2", "external_id": "u2", "email": None, "organization_id": "o2", "role": "end-user"},
    {"id": "r3", "external_id": None, "email": "Three@Home.example", "organization_id": None, "role": None},
    {"id": "r4", "external_id": "nobody", "email": "", "organization_id": "o_strange", "role": None},
]
MEMBERS = [
    {"id": "m1", "household_id": "h1", "user_id": "u1", "role": "member", "joined_at": JANUARY},
    {"id": "m2", "household_id": "h2", "user_id": "u1", "role": "owner", "joined_at": JANUARY},
    {"id": "m3", "household_id": "h1", "user_id": "u2", "joined_at": JANUARY, "left_at": EARLY},
    {"id": "m4", "household_id": "h1", "user_id": "u3", "role": "member", "joined_at": JANUARY},
]
TICKETS = {  # id: (organization, requester), household; created on 1 March at noon, when u2 left
    "own": (("o1", "r1"), "h1"),
    "of_the_owned": ((None, "r1"), "h2"),
    "strange_organization": (("o_strange", "r1"), "h2"),
    "left_that_day": ((None, "r2"), "h2"),  # by its organisation, which the desk has deleted
    "by_address": ((None, "r3"), None),
    "lost": ((None, "r4"), None),
}


def write_desk(folder, tickets: list[dict], **more: list[dict]) -> None:
    write_households(folder)
    write_parquet(folder, "app.users", [{"id": "u3", "email": "three@home.example ", "created_at": JANUARY}])
    write_parquet(folder, "app.household_members", MEMBERS)
    write_parquet(folder, "zendesk.organization", ORGANIZATIONS, _fivetran_deleted=pa.bool_())
    write_parquet(folder, "zendesk.user", USERS)
    write_parquet(folder, "zendesk.ticket", tickets)
    for name, rows in more.items():
        write_parquet(folder, f"zendesk.{name}", rows)


def asked(name: str, organization: str | None = "o1", requester: str | None = None, **more) -> dict:
    row = {"id": name, "organization_id": organization, "requester_id": requester}
    return row | {"status": "open", "created_at": EARLY} | more


@pytest.mark.parametrize("by_email", [False, True])
def test_tickets_lead_to_a_household_by_organisation_member_or_address(tmp_path, by_email):
    write_desk(tmp_path, [asked(name, *ways) for name, (ways, _) in TICKETS.items()])
    expected = {name: home for name, (_, home) in TICKETS.items() if home}
    expected |= {"by_address": "h1"} if by_email else {}
    connection = read(tmp_path, link_by_email=by_email)
    assert dict(kept(connection, "zendesk__ticket", "id, household_id")) == expected
    lost = {name for name, verdict in verdicts(connection, "zendesk.ticket").items() if verdict != "kept"}
    assert lost == TICKETS.keys() - expected.keys()
    rules = Rules.read(variables() | {"link_by_email": by_email})
    staged = pandas_staging.stage(load_raw(tmp_path), day_number(AS_OF), rules)
    found = staged["zendesk.ticket"]
    assert dict(zip(found["id"], found["household_id"], strict=True)) == expected


@pytest.mark.parametrize("by_email", [False, True])
def test_a_sample_of_households_has_the_tickets_that_lead_to_them(tmp_path, by_email):
    """And none that a membership in another household, or another organisation, takes away."""
    write_desk(tmp_path, [asked(name, *ways) for name, (ways, _) in TICKETS.items()])
    rules = Rules.read(variables() | {"link_by_email": by_email})
    for home, names in (
        ("h1", {"own"} | ({"by_address"} if by_email else set())),
        ("h2", {"of_the_owned", "strange_organization", "left_that_day"}),
    ):
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            relations = raw_relations(connection, tmp_path, variables())
            world = sampled_world(connection, relations, [home], day_number(AS_OF), rules)
        assert {ticket.id for ticket in world.homes[home].tickets} == names


def test_an_erased_member_leads_nowhere_else(tmp_path):
    member = {"id": "m", "household_id": "gone", "user_id": "u1", "role": "owner", "joined_at": JANUARY}
    write_desk(tmp_path, [asked("t", None, "r1")])
    write_parquet(tmp_path, "app.household_members", [member])
    ledger = tmp_path / "ledger.duckdb"
    with duckdb.connect(str(ledger)) as connection:
        connection.execute("create schema ledger")
        connection.execute(
            "create table ledger.ledger.households_seen as select sha256('gone') as household_hash"
        )
    connection = read(tmp_path, ledger=ledger)
    assert verdicts(connection, "zendesk.ticket") == {"t": "erased_household"}


def test_statuses_and_priorities_are_words_of_the_desk(tmp_path):
    tickets = [
        asked("plain", priority=" Urgent "),
        asked("none", priority=" "),
        asked("odd", priority="dire"),
        asked("gone", status="Deleted", priority="dire"),
        asked("lost", status="lost"),
    ]
    changes = [
        {"ticket_id": "plain", "field_name": field, "value": value, "updated": EARLY.replace(minute=minute)}
        for minute, (field, value) in enumerate(
            [
                ("priority", "HIGH"),
                ("priority", "dire"),
                ("priority", ""),
                ("status", "deleted"),
                ("group", "A"),
            ]
        )
    ]
    write_desk(tmp_path, tickets, ticket_field_history=changes)
    connection = read(tmp_path)
    assert verdicts(connection, "zendesk.ticket") == {
        "plain": "kept",
        "none": "kept",
        "odd": "bad_value",
        "gone": "deleted",
        "lost": "unknown_status",
    }
    assert kept(connection, "zendesk__ticket", "id, priority") == [("none", None), ("plain", "urgent")]
    rows = connection.execute(
        "select field_name, value, coalesce(reason, row_class) from raw_read.zendesk__ticket_field_history"
        " order by updated"
    ).fetchall()
    assert rows == [
        ("priority", "high", "kept"),
        ("priority", "dire", "bad_value"),
        ("priority", None, "kept"),
        ("status", "deleted", "deleted"),
        ("group", "A", "kept"),
    ]


def test_a_priority_changed_later_is_not_known_yet(tmp_path):
    changes = [
        {"ticket_id": name, "field_name": "priority", "value": "low", "updated": moment}
        for name, moment in (("later", LATER), ("before", SUNDAY))
    ]
    tickets = [asked(name, priority="low") for name in ("later", "before", "never")]
    write_desk(tmp_path, tickets, ticket_field_history=changes)
    found = kept(read(tmp_path), "zendesk__ticket", "id, priority")
    assert found == [("before", "low"), ("later", None), ("never", "low")]
    staged = pandas_staging.stage(load_raw(tmp_path), day_number(AS_OF), Rules.read())
    rows = pandas_tickets(staged).set_index("ticket_id")
    assert rows["priority"].to_dict() == {"before": "P3", "later": "P3", "never": "P3"}
    assert rows["is_priority_assumed"].to_dict() == {"before": False, "later": True, "never": False}


@pytest.mark.parametrize("listed", ["[11, 12]", "11,12", '["11", "12"]'])
def test_tickets_that_another_lists_were_merged(tmp_path, listed):
    """By any ticket that is visible, with a household or without."""
    tickets = [asked(name) for name in ("1", "11", "12", "13")]
    tickets.append(asked("main", None, None, merged_ticket_ids=listed))
    tickets.append(asked("later", created_at=LATER, merged_ticket_ids="13"))
    write_desk(tmp_path, tickets)
    found = kept(read(tmp_path), "zendesk__ticket", "id, is_listed")
    assert found == [("1", False), ("11", True), ("12", True), ("13", False)]
    staged = pandas_staging.stage(load_raw(tmp_path), day_number(AS_OF), Rules.read())
    merged = pandas_tickets(staged).set_index("ticket_id")["is_merged"].to_dict()
    assert merged == {"1": False, "11": True, "12": True, "13": False}
