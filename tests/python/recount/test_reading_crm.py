"""The recount's reading of the CRM: households of companies, contacts that left or were merged, owners."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from customer_success.recount.households import staging as pandas_staging
from customer_success.recount.households.households import csm_of, dim_csms
from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.metrics_of_relations import (
    downloads_90,
    email_open_rate_90,
    executive_meetings_90,
    meetings_attended_90,
)
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.sample import raw_relations, sampled_world
from customer_success.recount.households.values import day_number
from customer_success.recount.reading.crm import become
from recount.raw_tables import (
    AS_OF,
    EARLY,
    LATER,
    kept,
    read,
    variables,
    verdicts,
    write_csv,
    write_households,
    write_parquet,
)

FLAG = pa.bool_()
JANUARY, MARCH_8, MARCH_9 = datetime(2026, 1, 1), datetime(2026, 3, 8), datetime(2026, 3, 9)


def staged(folder, **more):
    rules = Rules.read(variables() | more)
    return pandas_staging.stage(load_raw(folder), day_number(AS_OF), rules)


def write_people(folder) -> None:
    """Two of h1 at acme.example, of h2 one at shared.example with one of h1, one who has left, one public."""
    write_households(folder)
    addresses = ("a@Acme.example", "b@acme.example", "c@shared.example", "d@shared.example", "e@gone.example")
    addresses += ("f@gmail.com",)
    homes = ("h1", "h1", "h1", "h2", "h2", "h2")
    users = [{"id": f"u{n}", "email": email, "created_at": JANUARY} for n, email in enumerate(addresses)]
    write_parquet(folder, "app.users", users)
    members = [
        {"id": f"m{n}", "household_id": home, "user_id": f"u{n}", "joined_at": JANUARY}
        for n, home in enumerate(homes)
    ]
    members[4]["left_at"] = EARLY
    write_parquet(folder, "app.household_members", members)


@pytest.mark.parametrize("by_domain", [False, True])
def test_a_company_leads_to_the_household_that_it_names_else_by_its_domain(tmp_path, by_domain):
    write_people(tmp_path)
    companies = [
        {"id": "named", "household_id": "h2", "domain": "acme.example"},
        {"id": "by_domain", "household_id": None, "domain": " ACME.example"},
        {"id": "strange", "household_id": "nobody", "domain": "acme.example"},
        {"id": "shared", "household_id": None, "domain": "shared.example"},
        {"id": "left", "household_id": None, "domain": "gone.example"},
        {"id": "public", "household_id": None, "domain": "gmail.com"},
    ]
    write_parquet(tmp_path, "hubspot.company", companies)
    expected = {"named": "h2"} | ({"by_domain": "h1", "strange": "h1"} if by_domain else {})
    connection = read(tmp_path, link_by_domain=by_domain)
    assert dict(kept(connection, "hubspot__company", "id, household_id")) == expected
    found = staged(tmp_path, link_by_domain=by_domain)["hubspot.company"]
    assert dict(zip(found["id"], found["household_id"], strict=True)) == expected


def test_the_household_may_have_a_property_of_its_own(tmp_path):
    write_households(tmp_path)
    (tmp_path / "hubspot").mkdir()
    file = tmp_path / "hubspot" / "company.csv"
    file.write_text("id,property_account,property_household_id\nc,h1,h2\n", encoding="utf-8")
    assert kept(read(tmp_path), "hubspot__company", "household_id") == [("h2",)]
    other = read(tmp_path, hubspot_household_property="property_account")
    assert kept(other, "hubspot__company", "household_id") == [("h1",)]


def test_owners_and_since_when_are_those_of_the_history(tmp_path):
    write_households(tmp_path)
    names = ("changed", "tomorrow", "taken_away", "without")
    companies = [{"id": name, "household_id": "h1", "owner_id": "o9"} for name in names]
    write_parquet(tmp_path, "hubspot.company", companies)
    changes = [
        ("changed", "o1", JANUARY),
        ("changed", "o2", MARCH_8),
        ("changed", "o2", MARCH_9),
        ("changed", "o9", LATER),
        ("tomorrow", "o9", LATER),
        ("taken_away", "o1", JANUARY),
        ("taken_away", "", MARCH_8),
    ]
    rows = [
        {"company_id": name, "name": "hubspot_owner_id", "value": value, "changed_at": moment}
        for name, value, moment in changes
    ]
    rows.append({"company_id": "without", "name": "city", "value": "Rome", "changed_at": JANUARY})
    write_parquet(tmp_path, "hubspot.company_property_history", rows)
    expected = [
        ("changed", "o2", MARCH_8),
        ("taken_away", None, None),
        ("tomorrow", None, None),
        ("without", "o9", None),
    ]
    assert kept(read(tmp_path), "hubspot__company", "id, owner_id, assigned_at") == expected
    found = staged(tmp_path)
    assert csm_of(found) == {"h1": "o2"}  # the one assigned last
    rows = found["hubspot.company"].set_index("id")
    assert rows["owner_id"].dropna().to_dict() == {"changed": "o2", "without": "o9"}
    assert rows["assigned_at"].dropna().to_dict() == {"changed": MARCH_8}


def write_contacts(folder) -> None:
    write_households(folder)
    companies = [{"id": "c1", "household_id": "h1"}, {"id": "c2", "household_id": "h2"}, {"id": "c9"}]
    write_parquet(folder, "hubspot.company", companies)
    contact = {"created_at": JANUARY, "_fivetran_synced": MARCH_8, "_fivetran_deleted": False}
    gone = {**contact, "company_id": "c1", "_fivetran_deleted": True}
    contacts = [
        {**contact, "id": "own", "company_id": "c1", "first_name": "Ada", "last_name": "Byron"},
        {**contact, "id": "linked", "buying_role": "CHAMPION"},
        {**contact, "id": "strange", "company_id": "c9"},
        {**contact, "id": "lost"},
        {**gone, "id": "deleted"},
        {**gone, "id": "deleted_later", "_fivetran_synced": LATER},
        {**gone, "id": "deleted_some_time", "_fivetran_synced": None},
        {**gone, "id": "merged"},
        {**contact, "id": "listed", "company_id": "c1"},
        {**contact, "id": "survivor", "company_id": "c1", "merged_ids": "listed;other"},
    ]
    write_parquet(folder, "hubspot.contact", contacts, _fivetran_deleted=FLAG)
    links = [("own", "c2"), ("linked", "c9"), ("linked", "c2"), ("strange", "c2")]
    rows = [{"contact_id": contact, "company_id": company} for contact, company in links]
    write_parquet(folder, "hubspot.contact_company", rows)
    merges = [
        {"vid_to_merge": "merged", "canonical_vid": "survivor", "merged_at": MARCH_8},
        {"vid_to_merge": "own", "canonical_vid": "survivor", "merged_at": LATER},
    ]
    write_parquet(folder, "hubspot.contact_merge_audit", merges)


CONTACTS = {  # id: household, left_at
    "own": ("h1", None),
    "linked": ("h2", None),
    "strange": ("h2", None),
    "deleted": ("h1", MARCH_8),
    "deleted_later": ("h1", None),
    "deleted_some_time": ("h1", JANUARY),
    "survivor": ("h1", None),
}


def test_contacts_lead_to_a_company_leave_and_are_merged(tmp_path):
    write_contacts(tmp_path)
    connection = read(tmp_path)
    rows = kept(connection, "hubspot__contact", "id, household_id, left_at")
    assert {name: tuple(row) for name, *row in rows} == CONTACTS
    classes = verdicts(connection, "hubspot.contact")
    assert {name: classes[name] for name in ("lost", "deleted", "merged", "listed")} == {
        "lost": "unknown_household",
        "deleted": "deleted",
        "merged": "deleted",
        "listed": "deleted",
    }
    assert kept(connection, "hubspot__contact", "buying_role")[0] == ("champion",)
    found = staged(tmp_path)["hubspot.contact"]
    left = [None if moment != moment else moment for moment in found["left_at"]]
    assert dict(zip(found["id"], zip(found["household_id"], left, strict=True), strict=True)) == CONTACTS


def test_a_sample_of_households_has_their_contacts(tmp_path):
    write_contacts(tmp_path)
    for home in ("h1", "h2"):
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            relations = raw_relations(connection, tmp_path, variables())
            rules = Rules.read(variables())
            world = sampled_world(connection, relations, [home], day_number(AS_OF), rules)
        names = {contact.id for contact in world.homes[home].contacts}
        assert names == {name for name, (owner, _) in CONTACTS.items() if owner == home}


def test_merges_of_merges_lead_to_the_last():
    pairs = [("a", "b"), ("b", "c"), ("x", "x"), ("p", "q"), ("q", "p")]
    assert become(pairs) == {"a": "c", "b": "c", "p": "q", "q": "p"}


def test_what_the_crm_does_not_know_of_a_manager_comes_from_the_company(tmp_path):
    write_households(tmp_path)
    owners = [
        {"id": "o1", "email": " Ann@Desk.example", "first_name": "Ann", "last_name": "Lee", "role": "Agent"},
        {"id": "o2", "email": "bea@desk.example", "full_name": "Bea", "portfolio_size": 20},
    ]
    write_parquet(tmp_path, "hubspot.owner", owners)
    write_csv(tmp_path, "cs.csms", [{"email": "ann@desk.example", "role": "CSM", "portfolio_size": "30"}])
    found = staged(tmp_path)
    rows = dim_csms(found, pd.DataFrame()).set_index("owner_id")
    assert rows["full_name"].to_dict() == {"o1": "Ann Lee", "o2": "Bea"}
    assert rows["role"].to_dict() == {"o1": "CSM", "o2": None}
    assert rows["portfolio_size"].to_dict() == {"o1": 30, "o2": 20}


def write_engagements(folder) -> None:
    """As HubSpot's connector lands them; p_old was merged into p2, an executive of h1."""
    write_households(folder)
    companies = [{"id": "c1", "household_id": "h1"}, {"id": "c2", "household_id": "h2"}]
    write_parquet(folder, "hubspot.company", companies)
    contacts = [
        {"id": "p1", "company_id": "c1", "email": "one@acme.example", "created_at": JANUARY},
        {"id": "p2", "company_id": "c1", "email": "Two@acme.example", "created_at": JANUARY},
        {"id": "p3", "company_id": "c2", "email": "three@home.example", "created_at": JANUARY},
    ]
    contacts[1] |= {"buying_role": "executive", "merged_ids": "p_old"}
    write_parquet(folder, "hubspot.contact", contacts)
    (folder / "hubspot" / "engagement.csv").write_text("id,portal_id,type\nm1,7,MEETING\n", encoding="utf-8")
    links = [("m1", "c1"), ("m2", "c2"), ("m2", "c1"), ("o1", "c9"), ("later", "c1")]
    rows = [{"engagement_id": engagement, "company_id": company} for engagement, company in links]
    write_parquet(folder, "hubspot.engagement_company", rows)
    people = [("m1", "p1"), ("m1", "p_old"), ("o1", "p3"), ("o2", "p1"), ("lost", "nobody")]
    rows = [{"engagement_id": engagement, "contact_id": contact} for engagement, contact in people]
    write_parquet(folder, "hubspot.engagement_contact", rows)
    meetings = [
        {"engagement_id": "m1", "outcome": "COMPLETED", "happened_at": MARCH_8},
        {"engagement_id": "m2", "outcome": None, "happened_at": MARCH_8},
        {"engagement_id": "later", "outcome": None, "happened_at": LATER},
        {"engagement_id": "lost", "outcome": None, "happened_at": MARCH_8},
    ]
    write_parquet(folder, "hubspot.engagement_meeting", meetings)
    mails = [
        {"engagement_id": "o1", "type": "EMAIL", "happened_at": MARCH_8},
        {"engagement_id": "o2", "type": "INCOMING_EMAIL", "happened_at": MARCH_9},
    ]
    write_parquet(folder, "hubspot.engagement_email", mails)
    event = {"recipient": "TWO@acme.example ", "created": MARCH_8}
    events = [
        {"id": "s1", "type": "SENT", **event},
        {"id": "s2", "type": None, "sent_by_id": "s1", **event},
        {"id": "s3", "type": "DELIVERED", "sent_by_id": "s1", **event},
        {"id": "s4", "type": "SENT", "recipient": "nobody@acme.example", "created": MARCH_8},
    ]
    write_parquet(folder, "hubspot.email_event", events)
    write_parquet(folder, "hubspot.email_event_open", [{"id": "s2"}])


def test_engagements_lead_to_company_or_contact(tmp_path):
    write_engagements(tmp_path)
    connection = read(tmp_path)
    columns = "engagement_id, household_id, company_id, contact_id"
    assert kept(connection, "hubspot__engagement_meeting", columns) == [
        ("m1", "h1", "c1", "p2"),
        ("m2", "h1", "c1", None),
    ]
    assert kept(connection, "hubspot__engagement_email", columns) == [
        ("o1", "h2", "c2", "p3"),
        ("o2", "h1", "c1", "p1"),
    ]
    assert verdicts(connection, "hubspot.engagement_meeting") == {
        "m1": "kept",
        "m2": "kept",
        "later": "later",
        "lost": "unknown_household",
    }
    assert kept(connection, "hubspot__engagement", "id, household_id") == [("m1", None)]
    assert kept(connection, "hubspot__email_event", "id, type, household_id, contact_id") == [
        ("s1", "sent", "h1", "p2"),
        ("s2", "open", "h1", "p2"),
        ("s3", "delivered", "h1", "p2"),
    ]
    assert verdicts(connection, "hubspot.email_event")["s4"] == "unknown_household"


TOUCHES = {
    "h1": {
        ("m1", "meeting", "held", None, "p2"),
        ("m2", "meeting", "held", None, None),
        ("o2", "outreach", "replied", None, "p1"),
        ("s1", "email", "sent", "s1", "p2"),
        ("s2", "email", "opened", "s1", "p2"),
    },
    "h2": {("o1", "outreach", "sent", None, "p3")},
}


@pytest.mark.parametrize("home", TOUCHES)
def test_a_household_has_its_engagements_in_one_vocabulary(tmp_path, home):
    """And its meeting with an executive; who attended and what was downloaded the connector does not say."""
    write_engagements(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        relations = raw_relations(connection, tmp_path, variables())
        world = sampled_world(connection, relations, [home], day_number(AS_OF), Rules.read(variables()))
    found = world.homes[home]
    assert {(t.id, t.kind, t.event, t.message, t.contact) for t in found.touches} == TOUCHES[home]
    metrics = (executive_meetings_90, meetings_attended_90, downloads_90, email_open_rate_90)
    values = [metric(found, world.as_of, world) for metric in metrics]
    assert values == ([1, None, None, 1] if home == "h1" else [None] * 4)
