"""Every table of the contract is there with its columns, types and references."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

CONTRACT = {
    "app.households": "id name owner_user_id region created_at closed_at acquisition_channel updated_at",
    "app.users": "id email full_name created_at",
    "app.household_members": "id household_id user_id role joined_at left_at",
    "app.pets": "id household_id name species born_on added_at removed_at",
    "app.feature_settings": "id household_id feature_name is_enabled changed_at",
    "app.tasks": "id household_id pet_id category is_recurring created_at due_at completed_at "
    "completed_by deleted_at",
    "meta.dataset": "name kind generated_at seed",
    "product.events": "event_id event_name occurred_at received_at user_id household_id pet_id "
    "feature_name task_id page",
    "stripe.customer": "id email name created metadata",
    "stripe.product": "id name",
    "stripe.price": "id product_id currency unit_amount recurring_interval recurring_interval_count",
    "stripe.subscription_history": "id customer_id price_id quantity status current_period_start "
    "current_period_end cancel_at_period_end canceled_at ended_at trial_start trial_end "
    "_fivetran_start _fivetran_end _fivetran_active",
    "stripe.invoice": "id customer_id subscription_id status currency amount_due amount_paid "
    "attempt_count created period_start period_end",
    "stripe.charge": "id customer_id invoice_id amount currency status failure_code created",
    "stripe.refund": "id charge_id amount currency status created",
    "zendesk.organization": "id name external_id",
    "zendesk.user": "id email external_id organization_id role",
    "zendesk.ticket": "id organization_id requester_id assignee_id subject description status "
    "type created_at updated_at",
    "zendesk.ticket_field_history": "ticket_id field_name value updated user_id",
    "zendesk.ticket_comment": "id ticket_id user_id body public created",
    "zendesk.ticket_tag": "ticket_id tag",
    "survey.invitation": "id survey_type household_id user_id trigger channel sent_at",
    "survey.response": "id invitation_id survey_type household_id user_id ticket_id score "
    "comment responded_at",
    "hubspot.owner": "id email full_name role specialization regions portfolio_size",
    "hubspot.company": "id household_id owner_id assigned_at",
    "hubspot.contact": "id company_id email full_name buying_role created_at left_at",
    "hubspot.engagement": "id company_id contact_id type event message_id template occurred_at",
    "cs.check_ins": "id household_id check_in_at check_in_type initiated_by",
    "cs.lifecycle_overrides": "id household_id stage set_at reason_code",
    "cs.referral_codes": "household_id referral_code issued_at",
    "cs.referrals": "id referrer_household_id referral_code referred_household_id created_at",
    "cs.credits": "id household_id amount currency reason reference_id created_at expires_at",
    "cs.review_requests": "id household_id platform requested_at",
    "cs.reviews": "id household_id platform rating submitted_at",
    "cs.advocacy_activities": "id household_id activity completed_at",
    "cs.deliveries": "message_key enrollment_id household_id playbook step survey_type channel status "
    "is_person occurred_at attempt receiver_id actor",
    "cs.success_plans": "id household_id status created_at review_cadence updated_at",
    "cs.success_criteria": "id plan_id name metric baseline target deadline created_at",
}
TYPES = {
    "born_on": "date32[day]",
    "is_enabled": "bool",
    "is_recurring": "bool",
    "public": "bool",
    "cancel_at_period_end": "bool",
    "_fivetran_active": "bool",
    "is_person": "bool",
    "deadline": "date32[day]",
    "rating": "double",
    "baseline": "double",
    "target": "double",
    "cs.credits.amount": "double",
}
INTEGERS = {
    "seed", "quantity", "unit_amount", "recurring_interval_count", "amount", "amount_due",
    "amount_paid", "attempt_count", "attempt", "score", "portfolio_size",
}  # fmt: skip
TIMES = {
    "created", "updated", "created_at", "closed_at", "updated_at", "joined_at", "left_at",
    "added_at", "removed_at", "changed_at", "due_at", "completed_at", "deleted_at",
    "generated_at", "occurred_at", "received_at", "current_period_start", "current_period_end",
    "canceled_at", "ended_at", "trial_start", "trial_end", "period_start", "period_end",
    "sent_at", "responded_at", "assigned_at", "check_in_at", "set_at", "issued_at", "expires_at",
    "requested_at", "submitted_at",
    "_fivetran_start", "_fivetran_end", "_fivetran_synced",
}  # fmt: skip
REFERENCES = (
    ("app.households", "owner_user_id", "app.users"),
    ("app.household_members", "user_id", "app.users"),
    ("app.household_members", "household_id", "app.households"),
    ("app.pets", "household_id", "app.households"),
    ("app.feature_settings", "household_id", "app.households"),
    ("app.tasks", "household_id", "app.households"),
    ("app.tasks", "pet_id", "app.pets"),
    ("app.tasks", "completed_by", "app.users"),
    ("product.events", "household_id", "app.households"),
    ("product.events", "user_id", "app.users"),
    ("product.events", "pet_id", "app.pets"),
    ("product.events", "task_id", "app.tasks"),
    ("stripe.subscription_history", "customer_id", "stripe.customer"),
    ("stripe.subscription_history", "price_id", "stripe.price"),
    ("stripe.invoice", "subscription_id", "stripe.subscription_history"),
    ("stripe.charge", "invoice_id", "stripe.invoice"),
    ("stripe.refund", "charge_id", "stripe.charge"),
    ("zendesk.organization", "external_id", "app.households"),
    ("zendesk.user", "external_id", "app.users"),
    ("zendesk.ticket", "requester_id", "zendesk.user"),
    ("zendesk.ticket", "assignee_id", "zendesk.user"),
    ("zendesk.ticket_field_history", "ticket_id", "zendesk.ticket"),
    ("zendesk.ticket_comment", "user_id", "zendesk.user"),
    ("zendesk.ticket_tag", "ticket_id", "zendesk.ticket"),
    ("survey.invitation", "household_id", "app.households"),
    ("survey.response", "invitation_id", "survey.invitation"),
    ("survey.response", "ticket_id", "zendesk.ticket"),
    ("hubspot.company", "household_id", "app.households"),
    ("hubspot.company", "owner_id", "hubspot.owner"),
    ("hubspot.engagement", "contact_id", "hubspot.contact"),
    ("cs.check_ins", "household_id", "app.households"),
    *(
        (f"cs.{table}", "household_id", "app.households")
        for table in (
            "lifecycle_overrides",
            "referral_codes",
            "credits",
            "review_requests",
            "reviews",
            "advocacy_activities",
            "deliveries",
            "success_plans",
        )
    ),
    ("cs.referrals", "referrer_household_id", "app.households"),
    ("cs.referrals", "referred_household_id", "app.households"),
    ("cs.success_criteria", "plan_id", "cs.success_plans"),
)


def test_no_other_tables(folder: Path):
    found = {f"{f.parent.name}.{f.stem}" for f in (folder / "raw").glob("*/*")}
    assert found == set(CONTRACT)


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_types_and_rows(folder: Path, table: str):
    file = pq.ParquetFile(folder / "raw" / f"{table.replace('.', '/')}.parquet")
    wanted = CONTRACT[table].split() + (["_fivetran_synced"] if table != "meta.dataset" else [])
    assert file.schema_arrow.names == wanted
    assert file.metadata.num_rows > 0
    for field in file.schema_arrow:
        expected = TYPES.get(field.name, "string")
        if field.name in INTEGERS:
            expected = "int64"
        if field.name in TIMES:
            expected = "timestamp[us]"
        expected = TYPES.get(f"{table}.{field.name}", expected)
        assert str(field.type) == expected, field.name


@pytest.mark.parametrize("table,column,target", REFERENCES)
def test_references_hold_apart_from_planted_rows(db, table, column, target):
    key = "event_id" if table == "product.events" else "id"
    good = ""
    if key in CONTRACT[table].split():
        good = f"and {key} is not null and {key} not in (select row_key from truth.bad_rows \
            where reason = 'unknown_household')"
    orphans = db.sql(
        f"select count(*) from {table} where {column} is not null {good} and "
        f"{column} not in (select id from {target} where id is not null)"
    ).fetchone()[0]
    assert orphans == 0


def test_row_keys_are_unique_apart_from_planted_rows(db):
    for table, columns in CONTRACT.items():
        if columns.split()[0] != "id" or table == "stripe.subscription_history":
            continue
        twice = db.sql(
            f"select count(*) from (select id from {table} where id is not null and id not in "
            "(select row_key from truth.bad_rows where reason = 'superseded') "
            "group by 1 having count(*) > 1)"
        ).fetchone()[0]
        assert twice == 0, table


def test_every_household_id_is_marked_as_simulated(db):
    assert db.sql("select bool_and(id like 'sim_hh_%') from app.households").fetchone()[0]
    assert db.sql("select kind, seed from meta.dataset").fetchone() == ("synthetic", 11)


def test_nothing_is_loaded_before_it_happened(db):
    for table, column in (
        ("product.events", "received_at"),
        ("app.tasks", "created_at"),
        ("stripe.charge", "created"),
        ("survey.response", "responded_at"),
    ):
        assert db.sql(f"select bool_and(_fivetran_synced >= {column}) from {table}").fetchone()[0]
