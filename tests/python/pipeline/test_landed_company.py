"""A simulated company as connectors land it, built with all tests: what its truths name comes out."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from harness import END, Sandbox

from customer_success.simulate.parameters import CONNECTORS, Config
from customer_success.simulate.run import generate

COMPANY = Config(households=150, days=400, seed=7, end_date=END, shape=CONNECTORS)
COUNTED = ("superseded", "deleted", "not_live", "erased")
# Where a value of a raw row with an odd moment or word comes out.
READ = {
    ("app.households", "created_at"): "staging.stg_app__households household_id created_at",
    ("app.households", "closed_at"): "staging.stg_app__households household_id closed_at",
    ("app.households", "region"): "staging.stg_app__households household_id region",
    ("survey.response", "responded_at"): "staging.stg_survey__response response_id responded_at",
    ("survey.response", "survey_type"): "staging.stg_survey__response response_id survey_type",
    ("survey.invitation", "sent_at"): "staging.stg_survey__invitation invitation_id sent_at",
    ("survey.invitation", "survey_type"): "staging.stg_survey__invitation invitation_id survey_type",
    ("cs.check_ins", "check_in_at"): "staging.stg_cs__check_ins check_in_id check_in_at",
    ("stripe.invoice", "status"): "staging.stg_stripe__invoice invoice_id status",
}


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    base = tmp_path_factory.mktemp("landed_build")

    def built(_) -> Sandbox:
        generate(COMPANY, base / "raw", base / "truth")
        return Sandbox(project, base / "company", base / "raw").build(tests=True)

    builds.offer("landed", built)
    return ["landed"]


@pytest.fixture(scope="session")
def company(builds) -> Sandbox:
    return builds["landed"]


@pytest.fixture(scope="session")
def landed(company) -> Path:
    """The folder of the company: raw tables and truth."""
    return (company.folder / "data" / "raw").resolve().parent


def truth(landed: Path, name: str) -> list[dict]:
    with (landed / "truth" / "connectors" / f"{name}.csv").open(encoding="utf-8", newline="") as rows:
        found = list(csv.DictReader(rows))
    assert found
    return found


def by_key(company: Sandbox, sql: str) -> dict:
    """Rows of a query by their first column: the others, or the only other one."""
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in company.rows(sql)}


def test_each_class_has_its_rows(company, landed):
    expected = Counter()
    for row in truth(landed, "rows"):
        if row["row_class"] in COUNTED:
            expected[row["source"], row["table"], row["row_class"]] += 1
    with_bad = company.rows(
        f"""select source, "table", reason, count(*) from '{landed / "truth" / "bad_rows.parquet"}'
        where reason = 'superseded' group by all"""
    )
    for source, table, reason, count in with_bad:
        expected[source, table, reason] += count
    found = Counter()
    for source, entity, *counts in company.rows(
        f"""select source, entity, {", ".join(COUNTED)} from analytics.fct_source_reconciliation
        where measure = 'rows'"""
    ):
        for name, count in zip(COUNTED, counts, strict=True):
            found[source, entity, name] += int(count)
    assert {key: found[key] for key in expected} == dict(expected)


def test_nothing_is_lost(company):
    assert company.value("select sum(discrepancy) from analytics.fct_source_reconciliation") == 0


def test_rows_without_household_are_in_quarantine(company, landed):
    for row in truth(landed, "rows"):
        if row["row_class"] == "quarantined":
            reasons = company.rows(
                f"""select reason from quarantine.quarantine_{row["source"]}
                where table_name = ? and row_key = ?""",
                [row["table"], row["row_key"]],
            )
            assert reasons == [("unknown_household",)], row


@pytest.mark.parametrize("source,table", [("app", "pets"), ("cs", "check_ins")])
def test_one_key_in_two_households_is_in_quarantine(company, source, table):
    rows = f"select reason from quarantine.quarantine_{source} where row_key = 'sim_bad_{table}_twin'"
    assert company.rows(rows) == [("key_collision",), ("key_collision",)]


def test_mrr_at_the_ends_of_months(company, landed):
    """A month of which nothing is asked for has no row; an unknown MRR is null."""
    months = by_key(
        company,
        """select concat(household_id, '/', last_day(month_start)), mrr_closing
        from analytics.fct_mrr_movements""",
    )
    today = by_key(company, "select household_id, mrr from analytics.dim_households")
    wrong = []
    for row in truth(landed, "mrr"):
        at_end = row["date"] == END.isoformat()
        key = row["household_id"] if at_end else f"{row['household_id']}/{row['date']}"
        found = (today if at_end else months).get(key, 0)
        known = None if found is None else round(float(found), 2)
        expected = None if row["is_known"] == "false" else round(float(row["mrr"]), 2)
        if known != expected and (known is None or expected is None or abs(known - expected) > 0.011):
            wrong.append((row, found))
    assert wrong == []


def test_plans_and_list_prices_today(company, landed):
    plans = by_key(company, "select household_id, plan_type from analytics.dim_households")
    listed = by_key(
        company, "select household_id, mrr_list from analytics.dim_subscriptions where is_in_force"
    )
    several = Counter(row["household_id"] for row in truth(landed, "subscriptions"))
    compared = 0
    for row in truth(landed, "mrr"):
        if row["date"] != END.isoformat():
            continue
        assert (plans[row["household_id"]] or "") == row["plan_type"]
        if several[row["household_id"]] == 1 and row["is_known"] == "true":
            assert float(listed[row["household_id"]]) == pytest.approx(float(row["mrr_list"]), abs=0.011)
            compared += 1
    assert compared > 10


def test_a_free_or_paused_month_moves_mrr_as_the_rules_say(company, landed):
    """Free: contraction and expansion. Paused: paying stops and starts again."""
    kinds = {row["subscription_id"]: row["kind"] for row in truth(landed, "subscriptions")}
    several = Counter(row["household_id"] for row in truth(landed, "subscriptions"))
    seen = set()
    for row in truth(landed, "periods"):
        month = date.fromisoformat(row["first_day"]).replace(day=1)
        kind = kinds[row["subscription_id"]]
        ends = date.fromisoformat(row["last_day"])
        if (
            kind not in ("free_month", "paused")
            or several[row["household_id"]] > 1
            or ends.month == month.month
        ):
            continue
        moved = company.rows(
            """select contraction, churned from analytics.fct_mrr_movements
            where household_id = ? and month_start = ?""",
            [row["household_id"], month],
        )
        assert [(part > 0) for part in moved[0]] == ([True, False] if kind == "free_month" else [False, True])
        seen.add(kind)
    assert seen == {"free_month", "paused"}


def test_beginnings_said_late_are_marked(company, landed):
    backfilled = by_key(company, "select subscription_id, is_backfilled from analytics.dim_subscriptions")
    kinds = {row["subscription_id"]: row["kind"] for row in truth(landed, "subscriptions")}
    found = {
        kinds[key]: flag for key, flag in backfilled.items() if kinds.get(key) in ("plain", "late_history")
    }
    assert found == {"plain": False, "late_history": True}


def test_a_household_signed_up_when_it_first_bought(company, landed):
    found = by_key(company, "select household_id, signup_date from analytics.dim_households")
    for row in truth(landed, "signups"):
        assert found[row["household_id"]].isoformat() == row["signup_date"]


def test_who_pays_without_a_household(company):
    found = company.rows("""
        select unlinked_customers, unlinked_mrr from analytics.fct_source_reconciliation
        where unlinked_customers is not null""")
    assert [int(row[0]) for row in found] == [1] and found[0][1] > 0


def test_tickets(company, landed):
    found = by_key(
        company,
        """select ticket_id, household_id, is_merged, is_agent_opened, priority, is_priority_assumed,
            first_response_at from analytics.fct_support_tickets""",
    )
    rows = truth(landed, "tickets")
    assert set(found) == {row["ticket_id"] for row in rows}
    for row in rows:
        household, *flags, answered = found[row["ticket_id"]]
        assert household == row["household_id"] or not row["household_id"]
        flags = [flag if isinstance(flag, str) else str(flag).lower() for flag in flags]
        names = ("is_merged", "is_agent_opened", "priority", "is_priority_assumed")
        assert flags == [row[name] for name in names], row
        expected = datetime.fromisoformat(row["first_response_at"]) if row["first_response_at"] else None
        assert answered == expected, row


def test_owners_of_companies(company, landed):
    found = by_key(company, "select company_id, owner_id, assigned_at from staging.stg_hubspot__company")
    end = datetime.combine(END, datetime.max.time())
    for row in truth(landed, "companies"):
        since = datetime.fromisoformat(row["assigned_at"]) if row["assigned_at"] else None
        if row["company_id"] in found and (since is None or since <= end):
            assert found[row["company_id"]] == (row["owner_id"] or None, since)


def test_contacts_who_left_and_who_were_merged(company, landed):
    found = by_key(company, "select contact_id, left_at from staging.stg_hubspot__contact")
    end = datetime.combine(END, datetime.max.time())
    for row in truth(landed, "contacts"):
        left = datetime.fromisoformat(row["left_at"]) if row["left_at"] else None
        if row["merged_into"]:
            assert row["contact_id"] not in found and found[row["merged_into"]] is None
        elif row["contact_id"] in found:
            assert found[row["contact_id"]] == (left if left and left <= end else None)


def test_engagements(company, landed):
    found = by_key(
        company,
        """select concat_ws('/', household_id, engagement_type, engagement_event), count(*)
        from intermediate.int_crm_engagement group by all""",
    )
    for row in truth(landed, "engagements"):
        key = f"{row['household_id']}/{row['type']}/{row['event']}"
        assert found.get(key) == int(row["rows"]), key


@pytest.mark.parametrize("place", READ, ids=lambda place: "-".join(place))
def test_moments_and_words_are_read(company, landed, place):
    relation, key, column = READ[place].split()
    found = by_key(company, f"select {key}, {column} from {relation}")
    compared = 0
    for row in truth(landed, "values"):
        if (f"{row['source']}.{row['table']}", row["column"]) != place or row["row_key"] not in found:
            continue
        value = found[row["row_key"]]
        later = isinstance(value, type(None))  # what changes after END is not known yet
        expected = datetime.fromisoformat(row["means"]) if isinstance(value, datetime) else row["means"]
        assert later or value == expected
        compared += not later
    assert compared
