"""A tiny company with each table of Stripe, desk and CRM that the doctor reads for links, as CSV."""

from __future__ import annotations

import csv
from pathlib import Path

from harness import REPOSITORY

from customer_success.doctor.contract import read_contract
from customer_success.doctor.examine import Report, examined
from customer_success.doctor.finding import Finding
from customer_success.doctor.found import Raw
from customer_success.doctor.project import read_project

AT = "2026-01-05 10:00:00"
Rows = list[dict[str, str]]


def whole() -> dict[str, Rows]:
    """Return rows by table: a household that pays, with a ticket, an answer, a company; nothing is wrong."""
    rows: dict[str, Rows] = {
        "app.households": [{"id": "h1", "region": "EU", "created_at": "2026-01-01"}],
        "app.users": [{"id": "u1", "email": "a@firm.test", "created_at": "2026-01-01"}],
        "app.household_members": [{"id": "m1", "household_id": "h1", "user_id": "u1", "role": "owner"}],
        "product.events": [{"event_id": "e1", "household_id": "h1", "occurred_at": AT, "received_at": AT}],
        "stripe.customer": [{"id": "c1", "metadata": '{"household_id": "h1"}', "created": AT}],
        "stripe.product": [{"id": "p1", "name": "Premium"}],
        "stripe.price": [
            {"id": "m1", "product_id": "p1", "currency": "usd", "unit_amount": "2000"}
            | {"recurring_interval": "month", "recurring_interval_count": "1"}
        ],
        "stripe.subscription_history": [
            {"id": "s1", "customer_id": "c1", "price_id": "m1", "quantity": "1", "status": "active"}
            | {"_fivetran_start": AT, "_fivetran_active": "true"}
        ],
        "zendesk.organization": [{"id": "o1", "external_id": "h1"}],
        "zendesk.user": [{"id": "r1", "email": "a@firm.test", "role": "end-user", "organization_id": "o1"}],
        "zendesk.ticket": [
            {"id": "t1", "organization_id": "o1", "requester_id": "r1", "status": "open", "created_at": AT}
        ],
        "survey.response": [
            {"id": "n1", "survey_type": "NPS", "household_id": "h1", "score": "9", "responded_at": AT}
        ],
        "hubspot.company": [{"id": "k1", "household_id": "h1"}],
    }
    contract = {table.full: [column.name for column in table.columns] for table in read_contract(REPOSITORY)}
    return {
        name: [dict.fromkeys(contract[name], "") | {"_fivetran_synced": AT} | row for row in of_table]
        for name, of_table in rows.items()
    }


def write(folder: Path, tables: dict[str, Rows]) -> Path:
    """Write tables as ``<source>/<table>.csv``; the columns are those of the first row."""
    for name, rows in tables.items():
        file = folder / (name.replace(".", "/") + ".csv")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as content:
            writer = csv.DictWriter(content, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def look(folder: Path, **variables) -> Report:
    """Examine a folder with the project's own contract, vars and seeds."""
    project = read_project(REPOSITORY, variables)
    return examined(Raw(folder, None, project.variables), project)


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def of_kind(report: Report, kind: str) -> Finding:
    """Return the only finding of a kind."""
    (finding,) = [finding for finding in report.findings if finding.kind == kind]
    return finding
