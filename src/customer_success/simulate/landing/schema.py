"""Columns and types of the raw tables as the connectors land them, and of the truths about them.

Names are those of the usual connectors: what the project reads, and the few that every row of such a table
has. Tables that are not here are the same in both shapes.
"""

from __future__ import annotations

import pyarrow as pa

from ..schema import TABLES, TYPES

_COMMON = {
    "*loaded": "_fivetran_deleted:b _fivetran_synced:t",
    "*hubspot": (
        "engagement_id:s type:s property_hs_createdate:t property_hs_timestamp:t "
        "property_hubspot_owner_id:s *loaded"
    ),
}
_SPEC = {
    "app.households": (
        "id:s name:s owner_user_id:s region:s created_at:s closed_at:s acquisition_channel:s updated_at:s "
        "*loaded"
    ),
    "app.users": "id:s email:s full_name:s created_at:t *loaded",
    "app.household_members": "id:s household_id:s user_id:s role:s joined_at:t left_at:t *loaded",
    "app.pets": "id:s household_id:s name:s species:s born_on:d added_at:t removed_at:t *loaded",
    "meta.fx_rates": "currency:s date:d rate:f",
    "stripe.customer": (
        "id:s email:s name:s description:s created:t currency:s delinquent:b metadata:s livemode:b "
        "is_deleted:b _fivetran_synced:t"
    ),
    "stripe.product": "id:s name:s active:b created:t type:s livemode:b is_deleted:b fivetran_synced:t",
    "stripe.price": (
        "id:s product_id:s active:b billing_scheme:s created:t currency:s nickname:s "
        "recurring_aggregate_usage:s recurring_interval:s recurring_interval_count:i recurring_usage_type:s "
        "type:s unit_amount:i unit_amount_decimal:s transform_quantity_divide_by:i "
        "transform_quantity_round:s livemode:b is_deleted:b _fivetran_synced:t"
    ),
    "stripe.plan": (
        "id:s product_id:s active:b aggregate_usage:s amount:i billing_scheme:s created:t currency:s "
        "interval:s interval_count:i nickname:s usage_type:s livemode:b is_deleted:b _fivetran_synced:t"
    ),
    "stripe.subscription_history": (
        "id:s customer_id:s price_id:s quantity:i status:s billing:s created:t start_date:t "
        "current_period_start:t current_period_end:t cancel_at:t cancel_at_period_end:b canceled_at:t "
        "ended_at:t trial_start:t trial_end:t pause_collection_behavior:s pause_collection_resumes_at:t "
        "metadata:s livemode:b _fivetran_start:t _fivetran_end:t _fivetran_active:b _fivetran_synced:t"
    ),
    "stripe.subscription_item": (
        "id:s subscription_id:s plan_id:s quantity:i created:t current_period_start:t current_period_end:t "
        "metadata:s _fivetran_synced:t"
    ),
    "stripe.coupon": (
        "id:s name:s amount_off:i currency:s percent_off:f duration:s duration_in_months:i created:t valid:b "
        "livemode:b _fivetran_synced:t"
    ),
    "stripe.subscription_discount": (
        "id:s subscription_id:s customer_id:s coupon_id:s start:s end:s _fivetran_synced:t"
    ),
    "stripe.discount": (
        "id:s type:s type_id:s customer_id:s subscription_id:s invoice_id:s coupon_id:s start:s end:s "
        "_fivetran_synced:t"
    ),
    "stripe.invoice": (
        "id:s customer_id:s subscription_id:s status:s currency:s amount_due:i amount_paid:i "
        "amount_remaining:i attempt_count:i billing_reason:s paid:b subtotal:i total:i created:t "
        "period_start:t period_end:t livemode:b is_deleted:b _fivetran_synced:t"
    ),
    "stripe.charge": (
        "id:s customer_id:s invoice_id:s amount:i amount_refunded:i currency:s status:s captured:b paid:b "
        "refunded:b failure_code:s created:t livemode:b _fivetran_synced:t"
    ),
    "zendesk.organization": "id:s name:s external_id:s created_at:t updated_at:t _fivetran_synced:t",
    "zendesk.user": (
        "id:s name:s email:s external_id:s organization_id:s role:s active:b suspended:b created_at:t "
        "updated_at:s *loaded"
    ),
    "zendesk.ticket": (
        "id:s organization_id:s requester_id:s submitter_id:s assignee_id:s subject:s description:s status:s "
        "type:s priority:s merged_ticket_ids:s via_channel:s is_public:b created_at:t updated_at:s *loaded"
    ),
    "zendesk.ticket_comment": "id:s ticket_id:s user_id:s body:s public:b created:t *loaded",
    "survey.invitation": "id:s survey_type:s household_id:s user_id:s trigger:s channel:s sent_at:s *loaded",
    "survey.response": (
        "id:s invitation_id:s survey_type:s household_id:s user_id:s ticket_id:s score:i comment:s "
        "responded_at:s *loaded"
    ),
    "hubspot.owner": (
        "owner_id:s email:s first_name:s last_name:s type:s portal_id:i created_at:t updated_at:t "
        "_fivetran_synced:t"
    ),
    "hubspot.company": (
        "id:s property_household_id:s property_hubspot_owner_id:s property_name:s property_domain:s "
        "property_createdate:t is_deleted:b *loaded"
    ),
    "hubspot.company_property_history": (
        "company_id:s name:s source:s source_id:s timestamp:t value:s _fivetran_synced:t"
    ),
    "hubspot.contact": (
        "id:s property_email:s property_firstname:s property_lastname:s property_hs_buying_role:s "
        "property_associatedcompanyid:s property_hs_merged_object_ids:s property_createdate:t *loaded"
    ),
    "hubspot.contact_company": "contact_id:s company_id:s type_id:i category:s _fivetran_synced:t",
    "hubspot.contact_merge_audit": (
        "canonical_vid:s contact_id:s vid_to_merge:s timestamp:t _fivetran_synced:t"
    ),
    "hubspot.engagement": "id:s portal_id:i type:s _fivetran_synced:t",
    "hubspot.engagement_company": "engagement_id:s company_id:s category:s _fivetran_synced:t",
    "hubspot.engagement_contact": "engagement_id:s contact_id:s category:s _fivetran_synced:t",
    "hubspot.engagement_meeting": "property_hs_meeting_title:s property_hs_meeting_outcome:s *hubspot",
    "hubspot.engagement_email": "property_hs_email_direction:s property_hs_email_subject:s *hubspot",
    "hubspot.engagement_call": "property_hs_call_status:s *hubspot",
    "hubspot.engagement_note": "body:s *hubspot",
    "hubspot.engagement_task": "*hubspot",
    "hubspot.email_event": (
        "id:s type:s recipient:s email_campaign_id:s created:t sent_by_id:s sent_by_created:t "
        "filtered_event:b portal_id:i _fivetran_synced:t"
    ),
    "hubspot.email_event_sent": "id:s subject:s from:s _fivetran_synced:t",
    "hubspot.email_event_open": "id:s browser:s duration:i _fivetran_synced:t",
    "hubspot.email_event_click": "id:s url:s browser:s _fivetran_synced:t",
    "hubspot.email_campaign": "id:s name:s subject:s _fivetran_synced:t",
    "cs.csms": "email:s role:s specialization:s regions:s portfolio_size:i _fivetran_synced:t",
    "cs.check_ins": "id:s household_id:s check_in_at:s check_in_type:s initiated_by:s *loaded",
}
_TRUTH_SPEC = {
    "rows": "source:s table:s row_key:s row_class:s kind:s",
    "values": "source:s table:s row_key:s column:s written:s means:s",
    "subscriptions": "subscription_id:s household_id:s kind:s priced_by:s",
    "mrr": "household_id:s date:d plan_type:s is_paying:b mrr_list:f mrr:f is_known:b",
    "periods": "subscription_id:s household_id:s kind:s first_day:d last_day:d",
    "tickets": (
        "ticket_id:s household_id:s is_merged:b is_agent_opened:b priority:s is_priority_assumed:b "
        "first_response_at:t"
    ),
    "companies": "company_id:s household_id:s owner_id:s assigned_at:t",
    "contacts": "contact_id:s left_at:t merged_into:s",
    "signups": "household_id:s signup_date:d",
    "engagements": "household_id:s type:s event:s rows:i",
}


def _schema(spec: str) -> pa.Schema:
    for name in ("*hubspot", "*loaded"):
        spec = spec.replace(name, _COMMON[name])
    parts = (part.rsplit(":", 1) for part in spec.split())
    return pa.schema([(name, TYPES[kind]) for name, kind in parts])


LANDED: dict[str, pa.Schema] = TABLES | {table: _schema(spec) for table, spec in _SPEC.items()}
TRUTHS: dict[str, pa.Schema] = {name: _schema(spec) for name, spec in _TRUTH_SPEC.items()}
