"""The connectors' shape: its names, keys and rows that do not count."""

import csv

import pytest
from harness import REPOSITORY
from landed_company import key_of, loaded_at, must_be_the_same, standing

from customer_success.simulate.landing import LANDED, TRUTHS

# What the connectors write beside the columns that their packages declare.
OWN = {
    "stripe.price": {"type", "transform_quantity_divide_by", "transform_quantity_round"},
    "stripe.subscription_history": {"price_id", "_fivetran_start", "_fivetran_end"},
    "stripe.product": {"fivetran_synced"},
    "hubspot.company": {"property_household_id", "property_hubspot_owner_id", "property_domain"},
    "hubspot.contact": {"property_hs_buying_role", "property_associatedcompanyid"},
    "hubspot.engagement_meeting": {"property_hs_meeting_title", "property_hs_meeting_outcome"},
    "hubspot.engagement_email": {"property_hs_email_direction", "property_hs_email_subject"},
    "hubspot.engagement_call": {"property_hs_call_status"},
}
OWN_TABLES = {"hubspot.contact_company", "hubspot.email_campaign"}
WITHOUT_KEY = {
    "meta.dataset",
    "meta.fx_rates",
    "product.events",
    "zendesk.ticket_tag",
    "zendesk.ticket_field_history",
    "hubspot.company_property_history",
    "hubspot.contact_company",
    "hubspot.contact_merge_audit",
    "hubspot.engagement_company",
    "hubspot.engagement_contact",
}


def declared() -> dict[str, set[str]]:
    """Names of the connectors' columns by table."""
    found: dict[str, set[str]] = {}
    with (REPOSITORY / "seeds/raw/connector_columns.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            found.setdefault(f"{row['source_name']}.{row['table_name']}", set()).add(row["column_name"])
    found["stripe.plan"] = found["stripe.price"]
    return found


@pytest.mark.parametrize("table", [t for t in LANDED if t.split(".")[0] in ("stripe", "zendesk", "hubspot")])
def test_names_are_those_of_the_connector(table):
    if table in OWN_TABLES:
        return
    unknown = set(LANDED[table].names) - declared()[table] - OWN.get(table, set()) - {"_fivetran_deleted"}
    assert unknown == set()


def test_all_tables_and_truths_are_there(landed):
    found = {
        f"{schema}.{name}"
        for schema, name in landed.sql("select schema_name, view_name from duckdb_views()").fetchall()
    }
    assert set(LANDED) <= found
    assert {f"truth.{name}" for name in TRUTHS} <= found


@pytest.mark.parametrize("table", sorted(set(LANDED) - {"meta.dataset"}))
def test_no_table_is_empty(landed, table):
    assert landed.sql(f"select count(*) from {table}").fetchone()[0] > 0


@pytest.mark.parametrize("table", sorted(set(LANDED) - WITHOUT_KEY))
def test_of_one_key_one_load_is_the_last(landed, table):
    key = key_of(table)
    bad = "select row_key from truth.bad_rows where row_key is not null"
    undecided = f"""
        select {key} from {table} where {key} is not null and {key} not in ({bad})
        qualify count(*) over (partition by {key}, {loaded_at(table)}) > 1"""
    assert landed.sql(undecided).fetchall() == []


@pytest.mark.parametrize("row_class", ["superseded", "deleted", "not_live", "quarantined", "erased"])
def test_rows_that_do_not_count_are_there(landed, row_class):
    of_class = f"""select source || '.' || "table", row_key from truth.rows where row_class = '{row_class}'"""
    listed = landed.sql(of_class).fetchall()
    assert listed
    for table, row_key in listed:
        counted = f"select count(*) from {table} where {key_of(table)} = ?"
        assert landed.execute(counted, [row_key]).fetchone()[0] >= (2 if row_class == "superseded" else 1)


def test_a_load_that_is_superseded_says_something_else(landed):
    open_before = """
        select count(*) from truth.rows r join stripe.invoice i on i.id = r.row_key
        where r."table" = 'invoice' and r.row_class = 'superseded' and i.status = 'open'"""
    assert landed.sql(open_before).fetchone()[0] > 0
    latest = landed.sql(f"select count(*) from ({standing('stripe.invoice')}) where status = 'open' and paid")
    assert latest.fetchone()[0] == 0


def test_keys_of_several_households_are_listed(landed):
    found = landed.sql("""
        select id, count(distinct household_id) from app.pets
        where id in (select row_key from truth.bad_rows where reason = 'key_collision') group by all
        union all select id, count(distinct household_id) from cs.check_ins
        where id in (select row_key from truth.bad_rows where reason = 'key_collision') group by all""")
    assert [households > 1 for _, households in found.fetchall()] == [True, True]


SAME = {  # tables of which all that counts is what it was, and their columns that both shapes have
    "app.users": "id, email, full_name, created_at",
    "app.household_members": "id, household_id, user_id, role, joined_at, left_at",
    "app.pets": "id, household_id, name, species, born_on, added_at, removed_at",
    "survey.invitation": "id, lower(trim(survey_type)), household_id, user_id, channel",
    "survey.response": "id, lower(trim(survey_type)), household_id, user_id, ticket_id, score, comment",
    "cs.check_ins": "id, household_id, check_in_type, initiated_by",
}


@pytest.mark.parametrize("table", SAME)
def test_what_counts_is_what_was_simulated(landed, table):
    bad = "select row_key from truth.bad_rows where row_key is not null and reason <> 'superseded'"
    older = f"select distinct {SAME[table]} from older_{table} where id not in ({bad})"
    must_be_the_same(landed, standing(table, SAME[table]), older)


@pytest.mark.parametrize("table", ["app.tasks", "product.events", "app.feature_settings"])
def test_tables_without_a_shape_of_their_own_are_the_same(landed, table):
    must_be_the_same(landed, f"from {table}", f"from older_{table}")
