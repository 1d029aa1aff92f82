"""The expected values of the columns of staging models, as expressions on the kept rows of the raw table.

A column without an entry here is not checked, and the proof reports it.
"""

from __future__ import annotations

from customer_success.recount.reading.contract import WITHOUT_MINOR_UNIT


def major(column: str, kind: str = "decimal(18, 4)") -> str:
    """Return SQL for an amount of minor units in units of the row's own currency."""
    whole = ", ".join(f"'{currency}'" for currency in WITHOUT_MINOR_UNIT.split())
    minor = f"case when currency in ({whole}) then 1.00 else 0.01 end"
    return f"cast({column} * cast({minor} as decimal(3, 2)) as {kind})"


def reported(column: str) -> str:
    """Return SQL for an amount of minor units in the reporting currency, at the rate of the row's day."""
    rate = "cast(raw_work.rate_on(currency, cast(created as date)) as decimal(18, 9))"
    return f"cast({major(column)} * {rate} as decimal(18, 4))"


def _same(names: str) -> dict[str, str]:
    return {name: f'"{name}"' for name in names.split()}


PRICE = {
    "price_id": "id",
    "currency": "currency",
    "unit_amount": major("coalesce(unit_amount::decimal(28, 12), unit_amount_decimal)", "decimal(28, 14)"),
    "billing_interval": "recurring_interval",
    "billing_interval_count": "recurring_interval_count",
    "usage_type": "recurring_usage_type",
    "price_type": "type",
    **_same("product_id billing_scheme transform_quantity_divide_by transform_quantity_round"),
    **_same("is_deleted _fivetran_synced"),
}
DISCOUNT = {
    "discount_id": "id",
    "start_at": '"start"',
    "end_at": '"end"',
    **_same("household_id coupon_id customer_id subscription_id invoice_id invoice_item_id _fivetran_synced"),
}
# A name may come whole or in two parts.
NAME = "coalesce(full_name, nullif(trim(coalesce(first_name || ' ', '') || coalesce(last_name, '')), ''))"

STAGED: dict[str, dict[str, str]] = {
    "app.households": {
        "household_id": "id",
        "household_name": "name",
        **_same("owner_user_id region created_at closed_at acquisition_channel _fivetran_synced"),
        "signup_date": "cast(created_at as date)",
        "closed_date": "cast(closed_at as date)",
    },
    "app.users": {"user_id": "id", **_same("email full_name created_at _fivetran_synced")},
    "app.household_members": {
        "member_id": "id",
        **_same("household_id user_id role joined_at left_at _fivetran_synced"),
        "joined_date": "cast(joined_at as date)",
        "left_date": "cast(left_at as date)",
    },
    "app.pets": {
        "pet_id": "id",
        "pet_name": "name",
        **_same("household_id species born_on added_at removed_at _fivetran_synced"),
        "added_date": "cast(added_at as date)",
        "removed_date": "cast(removed_at as date)",
    },
    "app.feature_settings": {
        "setting_change_id": "id",
        **_same("household_id feature_name is_enabled changed_at _fivetran_synced"),
    },
    "app.tasks": {
        "task_id": "id",
        **_same("household_id pet_id category is_recurring created_at due_at completed_at completed_by"),
        **_same("deleted_at _fivetran_synced"),
        "is_completed": "completed_at is not null",
    },
    "meta.dataset": {
        "dataset_name": "name",
        "dataset_kind": "kind",
        **_same("generated_at seed"),
    },
    "meta.fx_rates": {
        "rate_date": "date",
        "rate": "cast(rate as decimal(18, 9))",
        **_same("currency _fivetran_synced"),
    },
    "product.events": {
        **_same("event_id household_id user_id event_name occurred_at received_at event_at feature_name"),
        **_same("pet_id task_id page _fivetran_synced"),
        "event_date": "cast(event_at as date)",
    },
    "stripe.customer": {
        "customer_id": "id",
        "customer_name": "name",
        "created_at": "created",
        **_same("household_id email is_deleted _fivetran_synced"),
    },
    "stripe.product": {"product_id": "id", "product_name": "name", **_same("is_deleted _fivetran_synced")},
    "stripe.price": PRICE,
    "stripe.plan": PRICE,
    "stripe.subscription_history": {
        "subscription_id": "id",
        "valid_from": "_fivetran_start",
        "ends_at": "_fivetran_end",
        "is_active": "_fivetran_active",
        "created_at": "created",
        "started_at": "start_date",
        **_same("household_id customer_id price_id quantity status current_period_start current_period_end"),
        **_same("cancel_at_period_end cancel_at canceled_at ended_at trial_start trial_end"),
        **_same("pause_collection_behavior pause_collection_resumes_at _fivetran_synced"),
    },
    "stripe.subscription_item": {
        "subscription_item_id": "id",
        "price_id": "coalesce(price_id, plan_id)",
        "created_at": "created",
        # The first items were there from the beginning of the subscription.
        "item_from": "if(created > min(created) over (partition by subscription_id), created::date,"
        " date '1900-01-01')",
        **_same("household_id subscription_id quantity current_period_start current_period_end"),
        **_same("_fivetran_synced"),
    },
    "stripe.discount": {"discount_type": "type", "discount_type_id": "type_id", **DISCOUNT},
    "stripe.subscription_discount": DISCOUNT,
    "stripe.coupon": {
        "coupon_id": "id",
        "amount_off": major("amount_off"),
        "percent_off": "cast(percent_off as decimal(9, 6))",
        **_same("currency duration duration_in_months is_deleted _fivetran_synced"),
    },
    "stripe.invoice": {
        "invoice_id": "id",
        "currency": "lower(currency)",
        "amount_due": reported("amount_due"),
        "amount_paid": reported("amount_paid"),
        "created_at": "created",
        **_same("household_id customer_id subscription_id status attempt_count period_start period_end"),
        **_same("_fivetran_synced"),
    },
    "stripe.charge": {
        "charge_id": "id",
        "currency": "lower(currency)",
        "amount": reported("amount"),
        "created_at": "created",
        **_same("household_id customer_id invoice_id status failure_code _fivetran_synced"),
    },
    "stripe.refund": {
        "refund_id": "id",
        "currency": "lower(currency)",
        "amount": reported("amount"),
        "created_at": "created",
        **_same("household_id charge_id status _fivetran_synced"),
    },
    "zendesk.organization": {
        "organization_id": "id",
        "organization_name": "name",
        **_same("household_id is_deleted _fivetran_synced"),
    },
    "zendesk.user": {
        "desk_user_id": "id",
        "user_id": "external_id",
        **_same("email organization_id role is_deleted _fivetran_synced"),
    },
    "zendesk.ticket": {
        "ticket_id": "id",
        "ticket_type": "type",
        "is_listed_as_merged": "is_listed",
        **_same("household_id organization_id requester_id submitter_id assignee_id subject description"),
        **_same("status priority created_at _fivetran_synced"),
    },
    "zendesk.ticket_field_history": {
        "field_value": "value",
        "updated_at": "updated",
        "desk_user_id": "user_id",
        **_same("ticket_id household_id field_name _fivetran_synced"),
    },
    "zendesk.ticket_comment": {
        "comment_id": "id",
        "desk_user_id": "user_id",
        "is_public": "public",
        "created_at": "created",
        **_same("ticket_id household_id body _fivetran_synced"),
    },
    "zendesk.ticket_tag": _same("ticket_id household_id tag _fivetran_synced"),
    "survey.invitation": {
        "invitation_id": "id",
        **_same("survey_type household_id user_id trigger channel sent_at _fivetran_synced"),
    },
    "survey.response": {
        "response_id": "id",
        "score": "cast(score as integer)",
        **_same("invitation_id survey_type household_id user_id ticket_id comment responded_at"),
        **_same("_fivetran_synced"),
    },
    "hubspot.owner": {
        "owner_id": "id",
        "full_name": NAME,
        **_same("email role specialization regions portfolio_size is_deleted _fivetran_synced"),
    },
    "hubspot.company": {"company_id": "id", **_same("household_id owner_id assigned_at _fivetran_synced")},
    "hubspot.contact": {
        "contact_id": "id",
        "full_name": NAME,
        **_same("company_id household_id email buying_role created_at left_at is_deleted _fivetran_synced"),
    },
    "hubspot.contact_company": _same("contact_id company_id _fivetran_synced"),
    "hubspot.contact_merge_audit": {
        "surviving_contact_id": "canonical_vid",
        "merged_contact_id": "vid_to_merge",
        **_same("merged_at _fivetran_synced"),
    },
    "hubspot.company_property_history": {
        "property_name": "name",
        "property_value": "value",
        **_same("company_id household_id changed_at _fivetran_synced"),
    },
    "hubspot.engagement": {
        "engagement_id": "id",
        "engagement_type": "type",
        "engagement_event": "event",
        **_same("company_id household_id contact_id message_id template occurred_at _fivetran_synced"),
    },
    "hubspot.engagement_company": _same("engagement_id company_id _fivetran_synced"),
    "hubspot.engagement_contact": _same("engagement_id contact_id _fivetran_synced"),
    **{
        f"hubspot.engagement_{kind}": {
            **_same("engagement_id company_id household_id contact_id happened_at _fivetran_synced"),
            **more,
        }
        for kind, more in (
            ("email", {"email_type": "type"}),
            ("meeting", _same("title outcome")),
            ("call", {}),
            ("note", {}),
            ("task", {}),
            ("communication", {}),
        )
    },
    "hubspot.email_event": {
        "email_event_id": "id",
        "event_type": "type",
        "happened_at": "created",
        **_same("company_id household_id contact_id email_campaign_id sent_by_id _fivetran_synced"),
    },
    "hubspot.email_event_sent": {"email_event_id": "id", **_same("subject _fivetran_synced")},
    "hubspot.email_event_open": {"email_event_id": "id", **_same("_fivetran_synced")},
    "hubspot.email_event_click": {"email_event_id": "id", **_same("_fivetran_synced")},
    "cs.check_ins": {
        "check_in_id": "id",
        **_same("household_id check_in_at check_in_type initiated_by _fivetran_synced"),
    },
    "cs.lifecycle_overrides": {
        "override_id": "id",
        **_same("household_id stage set_at reason_code _fivetran_synced"),
    },
    "cs.referral_codes": _same("household_id referral_code issued_at _fivetran_synced"),
    "cs.referrals": {
        "referral_id": "id",
        "referrer_household_id": "household_id",
        **_same("referral_code referred_household_id created_at _fivetran_synced"),
    },
    "cs.credits": {
        "credit_id": "id",
        "reason": "granted_for",
        **_same("household_id amount currency reference_id created_at expires_at _fivetran_synced"),
    },
    "cs.review_requests": {
        "request_id": "id",
        **_same("household_id platform requested_at _fivetran_synced"),
    },
    "cs.reviews": {
        "review_id": "id",
        **_same("household_id platform rating submitted_at _fivetran_synced"),
    },
    "cs.advocacy_activities": {
        "activity_id": "id",
        **_same("household_id activity completed_at _fivetran_synced"),
    },
    "cs.deliveries": _same(
        "message_key enrollment_id household_id playbook step survey_type channel status is_person"
        " occurred_at attempt receiver_id actor _fivetran_synced"
    ),
    "cs.success_plans": {
        "plan_id": "id",
        **_same("household_id status created_at review_cadence _fivetran_synced"),
    },
    "cs.success_criteria": {
        "criterion_id": "id",
        "criterion_name": "name",
        **_same("plan_id household_id metric baseline target deadline created_at _fivetran_synced"),
    },
    "cs.csms": _same("email role specialization regions portfolio_size _fivetran_synced"),
}

# A connector that loads history again gives old events a new load time. Events are checked once, when they
# arrive, so only the latest load time is compared, which decides freshness.
ONLY_THE_LATEST = {("product.events", "_fivetran_synced")}
