"""The contract of the raw tables, typed by hand from the specification: columns, keys, conditions.

Nothing here is read from the project's YAML: a contract that differs must be noticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """The contract of one raw table.

    `columns` maps a column to its kind: id, text, ts (timestamp), date, num, exact (a fraction), bool or
    json. `statuses` names the var that lists those which the connector documents. `others` maps a column to
    further names under which it may arrive; `other_tables` are further names of the table.
    """

    columns: dict[str, str]
    optional: frozenset[str]
    key: tuple[str, ...]
    own_date: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    amounts: tuple[str, ...] = ()
    statuses: str | None = None
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    other_tables: tuple[str, ...] = ()


def _table(columns: str, key: str = "id", **rest) -> Table:
    kinds, optional, own_date, others = {}, set(), None, {}
    for word in columns.split():
        names, _, kind = word.partition(":")
        name, *further = names.split("|")
        others[name] = tuple(further)
        if kind.endswith("?"):
            kind = kind[:-1]
            optional.add(name)
        if kind.endswith("!"):
            kind, own_date = kind[:-1], name
        kinds[name] = kind or "text"
    return Table(kinds, frozenset(optional), tuple(key.split()), own_date, others=others, **rest)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(tuple(pair.split(">")) for pair in text.split())


# Tables whose deleted rows others may still refer to.
REFERRED_TO = {"stripe.customer", "stripe.product", "stripe.price", "stripe.plan", "stripe.coupon"}
REFERRED_TO |= {"zendesk.organization", "zendesk.user", "hubspot.owner", "hubspot.contact"}

PRICE = (
    "id:id product_id:id currency unit_amount|amount:num? unit_amount_decimal|amount_decimal:exact? "
    "recurring_interval|interval:text? recurring_interval_count|interval_count:num? "
    "recurring_usage_type|usage_type:text? billing_scheme:text? transform_quantity_divide_by:num? "
    "transform_quantity_round:text? type:text?"
)
DISCOUNT = (
    "id:id coupon_id:id customer_id:id? subscription_id:id? invoice_id:id? invoice_item_id:id? "
    "start:ts! end:ts?"
)

SCHEMA: dict[tuple[str, str], Table] = {
    ("app", "households"): _table(
        "id:id name owner_user_id:id region created_at:ts! closed_at:ts "
        "acquisition_channel:text? updated_at:ts",
        pairs=_pairs("created_at>closed_at"),
    ),
    ("app", "users"): _table("id:id email full_name created_at:ts!"),
    ("app", "household_members"): _table(
        "id:id household_id:id user_id:id role joined_at:ts! left_at:ts",
        pairs=_pairs("joined_at>left_at"),
    ),
    ("app", "pets"): _table(
        "id:id household_id:id name species born_on:date added_at:ts! removed_at:ts",
        pairs=_pairs("added_at>removed_at"),
    ),
    ("app", "feature_settings"): _table("id:id household_id:id feature_name is_enabled:bool changed_at:ts!"),
    ("app", "tasks"): _table(
        "id:id household_id:id pet_id:id? category is_recurring:bool created_at:ts! due_at:ts "
        "completed_at:ts completed_by:id? deleted_at:ts",
        pairs=_pairs("created_at>completed_at created_at>deleted_at"),
    ),
    ("product", "events"): _table(
        "event_id:id event_name occurred_at:ts received_at:ts! user_id:id household_id:id "
        "pet_id:id? feature_name:text? task_id:id? page:text?",
        key="event_id",
    ),
    ("stripe", "customer"): _table("id:id email name created:ts! metadata:json"),
    ("stripe", "product"): _table("id:id name"),
    ("stripe", "price"): _table(PRICE, amounts=("unit_amount", "unit_amount_decimal")),
    ("stripe", "plan"): _table(PRICE, amounts=("unit_amount", "unit_amount_decimal")),
    ("stripe", "coupon"): _table(
        "id:id percent_off:exact? amount_off:num? currency:text? duration:text? duration_in_months:num?",
        amounts=("percent_off", "amount_off"),
    ),
    ("stripe", "subscription_history"): _table(
        "id:id customer_id:id price_id|plan_id:id? quantity:num? status created:ts? start_date:ts? "
        "current_period_start:ts? current_period_end:ts? cancel_at_period_end:bool? cancel_at:ts? "
        "canceled_at:ts? ended_at:ts? trial_start:ts? trial_end:ts? pause_collection_behavior:text? "
        "pause_collection_resumes_at:ts? _fivetran_start|created:ts! _fivetran_end:ts? "
        "_fivetran_active:bool?",
        key="id _fivetran_start",
        pairs=_pairs(
            "current_period_start>current_period_end trial_start>trial_end _fivetran_start>_fivetran_end"
        ),
        amounts=("quantity",),
        statuses="stripe_subscription_statuses",
        other_tables=("subscription",),
    ),
    ("stripe", "subscription_item"): _table(
        "id:id subscription_id:id price_id:id? plan_id:id? quantity:num? created:ts! "
        "current_period_start:ts? current_period_end:ts?",
        pairs=_pairs("current_period_start>current_period_end"),
        amounts=("quantity",),
    ),
    ("stripe", "discount"): _table(f"type:text? type_id:id? {DISCOUNT}", pairs=_pairs("start>end")),
    ("stripe", "subscription_discount"): _table(DISCOUNT, pairs=_pairs("start>end")),
    ("stripe", "invoice"): _table(
        "id:id customer_id:id subscription_id:id status currency amount_due:num amount_paid:num "
        "attempt_count:num created:ts! period_start:ts period_end:ts",
        pairs=_pairs("period_start>period_end"),
        amounts=("amount_due", "amount_paid"),
        statuses="stripe_invoice_statuses",
    ),
    ("stripe", "charge"): _table(
        "id:id customer_id:id invoice_id:id amount:num currency status failure_code created:ts!",
        amounts=("amount",),
        statuses="stripe_charge_statuses",
    ),
    ("stripe", "refund"): _table(
        "id:id charge_id:id amount:num currency status created:ts!",
        amounts=("amount",),
        statuses="stripe_refund_statuses",
    ),
    ("meta", "fx_rates"): _table("currency date:date! rate:exact", key="currency date", amounts=("rate",)),
    ("zendesk", "organization"): _table("id:id name external_id:id"),
    ("zendesk", "user"): _table("id:id email external_id:id organization_id:id role"),
    ("zendesk", "ticket"): _table(
        "id:id organization_id:id requester_id:id submitter_id:id? assignee_id:id subject description status "
        "priority:text? merged_ticket_ids:text? type created_at:ts! updated_at:ts",
        statuses="zendesk_ticket_statuses",
    ),
    ("zendesk", "ticket_field_history"): _table(
        "ticket_id:id field_name value updated:ts! user_id:id",
        key="ticket_id field_name updated",
    ),
    ("zendesk", "ticket_comment"): _table("id:id ticket_id:id user_id:id body public:bool created:ts!"),
    ("zendesk", "ticket_tag"): _table("ticket_id:id tag", key="ticket_id tag"),
    ("survey", "invitation"): _table(
        "id:id survey_type household_id:id user_id:id trigger channel sent_at:ts!"
    ),
    ("survey", "response"): _table(
        "id:id invitation_id:id? survey_type household_id:id user_id:id ticket_id:id? score:num "
        "comment responded_at:ts!"
    ),
    ("hubspot", "owner"): _table(
        "id:id email full_name:text? first_name:text? last_name:text? role:text? specialization:text? "
        "regions:text? portfolio_size:num?"
    ),
    ("hubspot", "company"): _table("id:id household_id:id? domain:text? owner_id:id? assigned_at:ts?"),
    ("hubspot", "company_property_history"): _table(
        "company_id:id name value changed_at:ts!", key="company_id name changed_at"
    ),
    ("hubspot", "contact_company"): _table("contact_id:id company_id:id", key="contact_id company_id"),
    ("hubspot", "contact_merge_audit"): _table(
        "canonical_vid:id vid_to_merge:id merged_at:ts!", key="canonical_vid vid_to_merge"
    ),
    ("hubspot", "contact"): _table(
        "id:id company_id:id? email full_name:text? first_name:text? last_name:text? buying_role:text? "
        "merged_ids:text? created_at:ts! left_at:ts?",
        pairs=_pairs("created_at>left_at"),
    ),
    ("hubspot", "engagement"): _table(
        "id:id company_id:id? contact_id:id? type:text? event:text? message_id:id? template:text? "
        "occurred_at:ts!?"
    ),
    ("hubspot", "engagement_company"): _table(
        "engagement_id:id company_id:id", key="engagement_id company_id"
    ),
    ("hubspot", "engagement_contact"): _table(
        "engagement_id:id contact_id:id", key="engagement_id contact_id"
    ),
    **{
        ("hubspot", f"engagement_{kind}"): _table(
            f"engagement_id:id {more} happened_at:ts!", key="engagement_id"
        )
        for kind, more in (
            ("email", "type:text?"),
            ("meeting", "title:text? outcome:text?"),
            ("call", ""),
            ("communication", ""),
        )
    },
    ("hubspot", "email_event_sent"): _table("id:id"),
    ("hubspot", "email_event_open"): _table("id:id"),
    ("hubspot", "email_event_click"): _table("id:id"),
    ("hubspot", "email_event"): _table("id:id type:text? recipient sent_by_id:id? created:ts!"),
    ("cs", "check_ins"): _table("id:id household_id:id check_in_at:ts! check_in_type initiated_by"),
    ("cs", "csms"): _table(
        "email role:text? specialization:text? regions:text? portfolio_size:num?", key="email"
    ),
    ("cs", "lifecycle_overrides"): _table("id:id household_id:id stage set_at:ts! reason_code"),
    ("cs", "referral_codes"): _table("household_id:id referral_code:id issued_at:ts!", key="referral_code"),
    ("cs", "referrals"): _table(
        "id:id referrer_household_id:id? referral_code:id referred_household_id:id? created_at:ts!"
    ),
    ("cs", "credits"): _table(
        "id:id household_id:id amount:exact currency granted_for|reason reference_id:id created_at:ts! "
        "expires_at:ts",
        pairs=_pairs("created_at>expires_at"),
        amounts=("amount",),
    ),
    ("cs", "review_requests"): _table("id:id household_id:id platform requested_at:ts!"),
    ("cs", "reviews"): _table("id:id household_id:id platform rating:num submitted_at:ts!"),
    ("cs", "advocacy_activities"): _table("id:id household_id:id activity completed_at:ts!"),
    ("cs", "deliveries"): _table(
        "message_key:id enrollment_id:id? household_id:id playbook step:text? survey_type channel:text? "
        "status is_person:bool occurred_at:ts! attempt:num? receiver_id:id? actor:text?",
        key="message_key status occurred_at",
        statuses="delivery_statuses",
    ),
    ("cs", "success_plans"): _table(
        "id:id household_id:id status created_at:ts! review_cadence updated_at:ts",
        statuses="success_plan_statuses",
    ),
    ("cs", "success_criteria"): _table(
        "id:id plan_id:id name metric baseline:num target:num deadline:date created_at:ts!"
    ),
    ("meta", "dataset"): _table("name kind generated_at:ts seed:num?", key="name"),
}
