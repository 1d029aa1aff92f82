"""Reports from the field: raw data as connectors land them, and the values that must come out."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal

import pytest
from harness import CASES
from recount.raw_tables import candidate

from customer_success.recount.staging import prove_staging

# How the key of a case is written in SQL.
KEYS = {
    "dim_households": "household_id",
    "dim_subscriptions": "household_id",
    "fct_churn_events": "concat_ws('/', household_id, churn_number)",
    "fct_events": "event_id",
    "fct_mrr_movements": "concat_ws('/', household_id, strftime(month_start, '%Y-%m'))",
    "fct_nps_surveys": "response_id",
    "fct_subscription_changes": "concat_ws('/', household_id, changed_at)",
    "fct_support_tickets": "ticket_id",
    "stg_stripe__invoice": "invoice_id",
}


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """The build of all cases is shared: here it is only begun ahead."""
    return ["connectors"]


def cases() -> list:
    with (CASES.parent / "expected.csv").open(encoding="utf-8", newline="") as rows:
        return [pytest.param(row, id=f"{row['key']}-{row['column']}") for row in csv.DictReader(rows)]


def shown(value: object) -> str:
    """Return a value as expected.csv writes it: blank for null, numbers to six decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def agrees(value: object, expected: str) -> bool:
    if expected and isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return round(float(value), 6) == float(expected)
    return shown(value) == expected


@pytest.mark.parametrize("case", cases())
def test_the_value_that_must_come_out(builds, case):
    schema = "staging" if case["table"].startswith("stg_") else "analytics"
    rows = f"from {schema}.{case['table']} where {KEYS[case['table']]} = ?"
    column = "count(*)" if case["column"] == "count" else case["column"]
    found = builds["connectors"].rows(f"select {column} {rows}", [case["key"]])
    assert len(found) == 1
    assert agrees(found[0][0], case["expected"]), f"{found[0][0]!r} is not {case['expected']!r}"


def test_staging_holds_what_raw_says(builds):
    """The second reading comes to the same rows, classes and values."""
    sandbox = builds["connectors"]
    raw = (sandbox.folder / "data" / "raw").resolve()
    assert prove_staging(candidate(sandbox.database, sandbox.ledger, raw)) == []


CLASSES = {
    ("app", "households"): (25, 1, 1),
    ("app", "household_members"): (4, 0, 0),
    ("stripe", "invoice"): (2, 1, 0),
    ("stripe", "subscription_history"): (29, 1, 0),
    ("zendesk", "ticket"): (7, 1, 0),
    ("zendesk", "ticket_comment"): (8, 0, 1),
}


@pytest.mark.parametrize("table", CLASSES)
def test_each_class_is_counted(builds, table):
    """Raw rows, and those superseded and deleted."""
    found = builds["connectors"].rows(
        "select raw_value, superseded, deleted from analytics.fct_source_reconciliation"
        " where source = ? and entity = ? and measure = 'rows'",
        list(table),
    )
    assert [tuple(int(part) for part in row) for row in found] == [CLASSES[table]]


def test_nothing_is_lost(builds):
    assert builds["connectors"].value("select sum(discrepancy) from analytics.fct_source_reconciliation") == 0


CRM = {
    "select owner_id, full_name, role, portfolio_size, current_portfolio"
    " from analytics.dim_csms order by all": [
        (
            "11",
            "Ada Byron",
            "CSM",
            30,
            16,
        ),  # all who pay and have no owner; E20, silent for months, is no customer
        ("12", "Eve Doe", None, None, 0),
    ],
    "select csm_owner_id from analytics.dim_households where household_id = 'E20'": [(None,)],
    "select contact_id, buying_role, left_at from staging.stg_hubspot__contact order by all": [
        ("201", "champion", None),
        ("202", "executive", None),
        ("203", "champion", datetime(2024, 11, 20)),
    ],
    "select engagement_id, contact_id, engagement_type, engagement_event, template"
    " from intermediate.int_crm_engagement order by all": [
        ("301", "202", "meeting", "held", "kickoff"),
        ("302", None, "meeting", "invited", None),
        ("303", "201", "outreach", "sent", None),
        ("s1", "201", "email", "sent", "newsletter"),
        ("s2", "201", "email", "opened", "newsletter"),
    ],
    "select table_name, row_key, reason from quarantine.quarantine_hubspot order by all": [
        ("company", "102", "unknown_household"),
        ("engagement_call", "305", "unknown_household"),
    ],
}


@pytest.mark.parametrize("query", CRM, ids=lambda query: query.split(" from ")[1].split()[0])
def test_the_crm_as_its_connector_lands_it(builds, query):
    """Owner and since when by the history; a merged contact has become another, a deleted one has left."""
    assert builds["connectors"].rows(query) == CRM[query]
