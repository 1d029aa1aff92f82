"""Columns and types of every raw table, as the connectors land them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

TYPES = {
    "s": pa.string(),
    "t": pa.timestamp("us"),
    "i": pa.int64(),
    "b": pa.bool_(),
    "d": pa.date32(),
    "f": pa.float64(),
}

_SPEC = {
    "app.households": "id:s name:s owner_user_id:s region:s created_at:t closed_at:t "
    "acquisition_channel:s updated_at:t",
    "app.users": "id:s email:s full_name:s created_at:t",
    "app.household_members": "id:s household_id:s user_id:s role:s joined_at:t left_at:t",
    "app.pets": "id:s household_id:s name:s species:s born_on:d added_at:t removed_at:t",
    "app.feature_settings": "id:s household_id:s feature_name:s is_enabled:b changed_at:t",
    "app.tasks": "id:s household_id:s pet_id:s category:s is_recurring:b created_at:t due_at:t "
    "completed_at:t completed_by:s deleted_at:t",
    "meta.dataset": "name:s kind:s generated_at:t seed:i",
    "product.events": "event_id:s event_name:s occurred_at:t received_at:t user_id:s "
    "household_id:s pet_id:s feature_name:s task_id:s page:s",
    "stripe.customer": "id:s email:s name:s created:t metadata:s",
    "stripe.product": "id:s name:s",
    "stripe.price": "id:s product_id:s currency:s unit_amount:i recurring_interval:s "
    "recurring_interval_count:i",
    "stripe.subscription_history": "id:s customer_id:s price_id:s quantity:i status:s "
    "current_period_start:t current_period_end:t cancel_at_period_end:b canceled_at:t ended_at:t "
    "trial_start:t trial_end:t _fivetran_start:t _fivetran_end:t _fivetran_active:b",
    "stripe.invoice": "id:s customer_id:s subscription_id:s status:s currency:s amount_due:i "
    "amount_paid:i attempt_count:i created:t period_start:t period_end:t",
    "stripe.charge": "id:s customer_id:s invoice_id:s amount:i currency:s status:s failure_code:s created:t",
    "stripe.refund": "id:s charge_id:s amount:i currency:s status:s created:t",
    "zendesk.organization": "id:s name:s external_id:s",
    "zendesk.user": "id:s email:s external_id:s organization_id:s role:s",
    "zendesk.ticket": "id:s organization_id:s requester_id:s assignee_id:s subject:s "
    "description:s status:s type:s created_at:t updated_at:t",
    "zendesk.ticket_field_history": "ticket_id:s field_name:s value:s updated:t user_id:s",
    "zendesk.ticket_comment": "id:s ticket_id:s user_id:s body:s public:b created:t",
    "zendesk.ticket_tag": "ticket_id:s tag:s",
    "survey.invitation": "id:s survey_type:s household_id:s user_id:s trigger:s channel:s sent_at:t",
    "survey.response": "id:s invitation_id:s survey_type:s household_id:s user_id:s ticket_id:s "
    "score:i comment:s responded_at:t",
    "hubspot.owner": "id:s email:s full_name:s role:s specialization:s regions:s portfolio_size:i",
    "hubspot.company": "id:s household_id:s owner_id:s assigned_at:t",
    "hubspot.contact": "id:s company_id:s email:s full_name:s buying_role:s created_at:t left_at:t",
    "hubspot.engagement": "id:s company_id:s contact_id:s type:s event:s message_id:s "
    "template:s occurred_at:t",
    "cs.check_ins": "id:s household_id:s check_in_at:t check_in_type:s initiated_by:s",
    "cs.lifecycle_overrides": "id:s household_id:s stage:s set_at:t reason_code:s",
    "cs.referral_codes": "household_id:s referral_code:s issued_at:t",
    "cs.referrals": "id:s referrer_household_id:s referral_code:s referred_household_id:s created_at:t",
    "cs.credits": "id:s household_id:s amount:f currency:s reason:s reference_id:s created_at:t expires_at:t",
    "cs.review_requests": "id:s household_id:s platform:s requested_at:t",
    "cs.reviews": "id:s household_id:s platform:s rating:f submitted_at:t",
    "cs.advocacy_activities": "id:s household_id:s activity:s completed_at:t",
    "cs.deliveries": "message_key:s enrollment_id:s household_id:s playbook:s step:s survey_type:s "
    "channel:s status:s is_person:b occurred_at:t attempt:i receiver_id:s actor:s",
    "cs.success_plans": "id:s household_id:s status:s created_at:t review_cadence:s updated_at:t",
    "cs.success_criteria": "id:s plan_id:s name:s metric:s baseline:f target:f deadline:d created_at:t",
}


def _schema(table: str, spec: str) -> pa.Schema:
    fields = [(name, TYPES[kind]) for name, kind in (part.rsplit(":", 1) for part in spec.split())]
    if table != "meta.dataset":
        fields.append(("_fivetran_synced", TYPES["t"]))
    return pa.schema(fields)


TABLES: dict[str, pa.Schema] = {table: _schema(table, spec) for table, spec in _SPEC.items()}

EVENT_NAMES = (
    "app_open",
    "login",
    "page_view",
    "feature_used",
    "task_completion",
    "photo_upload",
    "limit_hit",
    "cancellation_requested",
    "downgrade_clicked",
    "trial_started",
    "pet_added",
    "member_invited",
    "widget_tapped",
)
EVENT = {name: code for code, name in enumerate(EVENT_NAMES)}

FEATURES = (
    "recurring_tasks",
    "reminders",
    "qr_code_sharing",
    "notifications",
    "calendar_sync",
    "advanced_analytics",
    "custom_templates",
    "priority_support",
    "premium_onboarding",
    "beta_mood_board",
    "photo_uploads",
)
FIRST_PREMIUM_FEATURE = 4
ONBOARDING, OUTSIDE_CATALOGUE, PHOTOS = 8, 9, 10

PAGES = (
    "home",
    "pets",
    "tasks",
    "calendar",
    "settings",
    "billing",
    "help",
    "pricing",
    "photos",
    "analytics",
    "templates/new",
)
PAGE = {name: code for code, name in enumerate(PAGES)}

# A row of product events while they are simulated; numbers of households, users and pets for their ids.
EVENT_ROW = np.dtype(
    [
        ("received", "i8"),  # microseconds
        ("number", "i8"),  # of the event, -1 null
        ("occurred", "i8"),
        ("task", "i8"),  # -1 null, also below
        ("household", "i4"),
        ("user", "i4"),
        ("pet", "i4"),
        ("name", "i1"),
        ("feature", "i1"),
        ("page", "i1"),
    ]
)
