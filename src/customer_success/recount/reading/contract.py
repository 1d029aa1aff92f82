"""The contract of the raw tables, stated a second time from the definitions (docs/raw-data.md).

A list of statuses that is shortened in dbt_project.yml, or a column whose type is changed in a source file,
must not change what is expected here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "moment": "TIMESTAMP",
    "day": "DATE",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "exact": "DECIMAL(28,12)",
    "flag": "BOOLEAN",
    "word": "VARCHAR",
    "survey": "VARCHAR",
    "desk_role": "VARCHAR",
    "region": "VARCHAR",
}
# Words are compared without case: a column of this kind takes one of these spellings.
SPELLINGS = {
    "survey": ("NPS", "CSAT", "Product", "Feature", "Exit"),
    "desk_role": ("end-user", "agent", "admin"),
}
# Tables whose deleted rows others may still refer to.
REFERRED_TO = {"stripe.customer", "stripe.product", "stripe.price", "stripe.plan", "stripe.coupon"}
REFERRED_TO |= {"zendesk.organization", "zendesk.user", "hubspot.owner", "hubspot.contact"}
# Tables whose rows hold without a household too: they say how much money no household accounts for.
HOLD_UNLINKED = {"stripe.subscription_item", "stripe.discount", "stripe.subscription_discount"}
# Texts that a person wrote, and names of persons: never quoted in a message.
PERSONAL = {
    "name",
    "email",
    "full_name",
    "first_name",
    "last_name",
    "subject",
    "description",
    "body",
    "comment",
    "metadata",
}

SUBSCRIPTION = ("incomplete", "incomplete_expired", "trialing", "active")
SUBSCRIPTION += ("past_due", "canceled", "unpaid", "paused")
INVOICE = ("draft", "open", "paid", "uncollectible", "void")
CHARGE = ("succeeded", "failed", "pending")
REFUND = ("pending", "requires_action", "succeeded", "failed", "canceled")
TICKET = ("new", "open", "pending", "hold", "solved", "closed")
DELIVERY = ("claimed", "sent", "delivered", "failed", "unknown", "done", "dismissed", "replied")
SUCCESS_PLAN = ("draft", "active", "completed")
LIFECYCLE = ("trial", "onboarding", "adopting", "growing", "renewing", "expanding", "advocating")
LIFECYCLE += ("at_risk", "churned")
REVIEW_CADENCE = ("weekly", "biweekly", "monthly", "quarterly")
DESK_PRIORITY = ("urgent", "high", "normal", "low")

# Currencies that Stripe counts in whole units.
WITHOUT_MINOR_UNIT = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"


@dataclass(frozen=True)
class RawTable:
    """One raw table.

    ``columns`` maps a name to a DuckDB type; ``kinds`` to the kind of its values; ``others`` to further names
    under which it may arrive, and ``other_tables`` are further names of the table. ``own_date`` is the column
    by which a row is later than ``as_of_date``. ``household`` is the path from a row to its household: a
    column that names it, or ``(column, parent table)``; None where the table has none. ``spans`` are (start,
    end); ``amounts`` may not be negative; ``statuses`` are those of ``status_column``. ``until`` maps a
    column that changes later to the column that dates the change: unknown while that lies after
    ``as_of_date``. ``loaded_by`` orders several rows with one key: the one loaded last stands.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...] = ("id",)
    own_date: str | None = None
    household: str | tuple[str, str] | None = None
    spans: tuple[tuple[str, str], ...] = ()
    amounts: tuple[str, ...] = ()
    status_column: str | None = None
    statuses: tuple[str, ...] = ()
    status_where: str = "true"
    until: dict[str, str] = field(default_factory=dict)
    loaded_by: str = "_fivetran_synced"
    kinds: dict[str, str] = field(default_factory=dict)
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    other_tables: tuple[str, ...] = ()

    @property
    def flat_name(self) -> str:
        """Return the name of the table in ``raw_kept`` and ``raw_read``."""
        return self.name.replace(".", "__")

    @property
    def is_referred_to(self) -> bool:
        """Say whether rows that the source deleted stay readable for others."""
        return self.name in REFERRED_TO

    @property
    def names_its_household(self) -> bool:
        """Say whether one key in two households is a collision, and no repetition."""
        return self.household == "household_id" and self.name.split(".")[0] in {"app", "survey", "cs"}


def _table(name: str, columns: str, key: str = "id", **rest) -> RawTable:
    """Read columns as ``name`` or ``name|other_name``, with ``:kind``; ``!`` marks the row's own date."""
    types, kinds, others, own_date = {}, {}, {}, None
    for word in columns.split():
        names, _, kind = word.partition(":")
        column, *further = names.split("|")
        if kind.endswith("!"):
            own_date, kind = column, kind[:-1]
        types[column], kinds[column], others[column] = TYPES[kind or "text"], kind or "text", tuple(further)
    if name != "meta.dataset":
        types["_fivetran_synced"] = "TIMESTAMP"
        others["_fivetran_synced"] = ("fivetran_synced",) if name == "stripe.product" else ()
    return RawTable(name, types, tuple(key.split()), own_date, kinds=kinds, others=others, **rest)


PRICE = (
    "id product_id currency:word unit_amount|amount:whole unit_amount_decimal|amount_decimal:exact"
    " recurring_interval|interval:word recurring_interval_count|interval_count:whole"
    " recurring_usage_type|usage_type:word billing_scheme:word transform_quantity_divide_by:whole"
    " transform_quantity_round:word type:word"
)
DISCOUNT = "id coupon_id customer_id subscription_id invoice_id invoice_item_id start:moment! end:moment"
# What leads an engagement to its company and contact, and an automated e-mail to the contact of its address.
LINKS, RECIPIENTS = "hubspot.engagement_links", "hubspot.recipients"

# Parents come before their children.
TABLES = (
    _table(
        "app.households",
        "id name owner_user_id region:region created_at:moment! closed_at:moment acquisition_channel"
        " updated_at:moment",
        spans=(("created_at", "closed_at"),),
        until={"closed_at": "closed_at"},
    ),
    _table("app.users", "id email full_name created_at:moment!"),
    _table(
        "app.household_members",
        "id household_id user_id role:word joined_at:moment! left_at:moment",
        household="household_id",
        spans=(("joined_at", "left_at"),),
        until={"left_at": "left_at"},
    ),
    _table(
        "app.pets",
        "id household_id name species born_on:day added_at:moment! removed_at:moment",
        household="household_id",
        spans=(("added_at", "removed_at"),),
        until={"removed_at": "removed_at"},
    ),
    _table(
        "app.feature_settings",
        "id household_id feature_name is_enabled:flag changed_at:moment!",
        household="household_id",
    ),
    _table(
        "app.tasks",
        "id household_id pet_id category is_recurring:flag created_at:moment! due_at:moment"
        " completed_at:moment completed_by deleted_at:moment",
        household="household_id",
        spans=(("created_at", "completed_at"), ("created_at", "deleted_at")),
        until={"completed_at": "completed_at", "completed_by": "completed_at", "deleted_at": "deleted_at"},
    ),
    _table("meta.fx_rates", "currency:word date:day! rate:exact", key="currency date", amounts=("rate",)),
    _table("meta.dataset", "name kind generated_at:moment seed:whole", key="name", loaded_by="generated_at"),
    _table(
        "product.events",
        "event_id event_name occurred_at:moment received_at:moment! user_id household_id pet_id feature_name"
        " task_id page",
        key="event_id",
        household="household_id",
    ),
    _table("stripe.customer", "id email name created:moment! metadata", household="metadata"),
    _table("stripe.product", "id name"),
    _table("stripe.price", PRICE, amounts=("unit_amount", "unit_amount_decimal")),
    _table("stripe.plan", PRICE, amounts=("unit_amount", "unit_amount_decimal")),
    _table(
        "stripe.coupon",
        "id percent_off:exact amount_off:whole currency:word duration:word duration_in_months:whole",
        amounts=("percent_off", "amount_off"),
    ),
    _table(
        "stripe.subscription_history",
        "id customer_id price_id|plan_id quantity:whole status:word created:moment start_date:moment"
        " current_period_start:moment current_period_end:moment cancel_at_period_end:flag cancel_at:moment"
        " canceled_at:moment ended_at:moment trial_start:moment trial_end:moment"
        " pause_collection_behavior:word pause_collection_resumes_at:moment"
        " _fivetran_start|created:moment! _fivetran_end:moment _fivetran_active:flag",
        key="id _fivetran_start",
        other_tables=("subscription",),
        household=("customer_id", "stripe.customer"),
        spans=(
            ("current_period_start", "current_period_end"),
            ("trial_start", "trial_end"),
            ("_fivetran_start", "_fivetran_end"),
        ),
        amounts=("quantity",),
        status_column="status",
        statuses=SUBSCRIPTION,
    ),
    _table(
        "stripe.subscription_item",
        "id subscription_id price_id plan_id quantity:whole created:moment! current_period_start:moment"
        " current_period_end:moment",
        household=("subscription_id", "stripe.subscription_history"),
        spans=(("current_period_start", "current_period_end"),),
        amounts=("quantity",),
    ),
    # By their subscription, else by their customer: see _trace in classify.
    _table(
        "stripe.discount",
        f"type:word type_id {DISCOUNT}",
        household=("subscription_id", "stripe.subscription_history"),
        spans=(("start", "end"),),
    ),
    _table(
        "stripe.subscription_discount",
        DISCOUNT,
        household=("subscription_id", "stripe.subscription_history"),
        spans=(("start", "end"),),
    ),
    _table(
        "stripe.invoice",
        "id customer_id subscription_id status:word currency:word amount_due:whole amount_paid:whole"
        " attempt_count:whole created:moment! period_start:moment period_end:moment",
        household=("customer_id", "stripe.customer"),
        spans=(("period_start", "period_end"),),
        amounts=("amount_due", "amount_paid"),
        status_column="status",
        statuses=INVOICE,
    ),
    _table(
        "stripe.charge",
        "id customer_id invoice_id amount:whole currency:word status:word failure_code created:moment!",
        household=("customer_id", "stripe.customer"),
        amounts=("amount",),
        status_column="status",
        statuses=CHARGE,
    ),
    _table(
        "stripe.refund",
        "id charge_id amount:whole currency:word status:word created:moment!",
        household=("charge_id", "stripe.charge"),
        amounts=("amount",),
        status_column="status",
        statuses=REFUND,
    ),
    _table("zendesk.organization", "id name external_id", household="external_id"),
    _table("zendesk.user", "id email external_id organization_id role:desk_role"),
    _table(
        "zendesk.ticket",
        "id organization_id requester_id submitter_id assignee_id subject description status:word"
        " priority:word merged_ticket_ids type created_at:moment! updated_at:moment",
        household=("organization_id", "zendesk.organization"),
        status_column="status",
        statuses=TICKET,
    ),
    _table(
        "zendesk.ticket_field_history",
        "ticket_id field_name value updated:moment! user_id",
        key="ticket_id field_name updated",
        household=("ticket_id", "zendesk.ticket"),
        status_column="value",
        statuses=TICKET,
        status_where="field_name = 'status'",
    ),
    _table(
        "zendesk.ticket_comment",
        "id ticket_id user_id body public:flag created:moment!",
        household=("ticket_id", "zendesk.ticket"),
    ),
    _table(
        "zendesk.ticket_tag", "ticket_id tag", key="ticket_id tag", household=("ticket_id", "zendesk.ticket")
    ),
    _table(
        "survey.invitation",
        "id survey_type:survey household_id user_id trigger channel sent_at:moment!",
        household="household_id",
    ),
    _table(
        "survey.response",
        "id invitation_id survey_type:survey household_id user_id ticket_id score:number comment"
        " responded_at:moment!",
        household="household_id",
    ),
    _table(
        "hubspot.owner",
        "id|owner_id email full_name first_name last_name role specialization regions portfolio_size:whole",
    ),
    _table(
        "hubspot.company",
        "id household_id|property_household_id domain|property_domain owner_id|property_hubspot_owner_id"
        " assigned_at:moment",
        household="household_id",
    ),
    _table(
        "hubspot.company_property_history",
        "company_id name value changed_at|timestamp:moment!",
        key="company_id name changed_at",
        household=("company_id", "hubspot.company"),
    ),
    _table("hubspot.contact_company", "contact_id company_id", key="contact_id company_id"),
    _table(
        "hubspot.contact_merge_audit",
        "canonical_vid vid_to_merge merged_at|timestamp:moment!",
        key="canonical_vid vid_to_merge",
    ),
    _table(
        "hubspot.contact",
        "id company_id|property_associatedcompanyid|associatedcompanyid email|property_email full_name"
        " first_name|property_firstname last_name|property_lastname"
        " buying_role|property_hs_buying_role:word merged_ids|property_hs_merged_object_ids"
        " created_at|property_createdate:moment! left_at:moment",
        household=("company_id", "hubspot.company"),
        spans=(("created_at", "left_at"),),
    ),
    _table(
        "hubspot.engagement",
        "id company_id contact_id type event message_id template occurred_at:moment!",
        household=("company_id", "hubspot.company"),
    ),
    _table("hubspot.engagement_company", "engagement_id company_id", key="engagement_id company_id"),
    _table("hubspot.engagement_contact", "engagement_id contact_id", key="engagement_id contact_id"),
    *(
        _table(
            f"hubspot.engagement_{kind}",
            f"engagement_id {more} happened_at|property_hs_timestamp|timestamp:moment!",
            key="engagement_id",
            household=("engagement_id", LINKS),
        )
        for kind, more in (
            ("email", "type:word"),
            ("meeting", "title|property_hs_meeting_title outcome|property_hs_meeting_outcome:word"),
            ("call", ""),
            ("note", ""),
            ("task", ""),
            ("communication", ""),
        )
    ),
    _table("hubspot.email_event_sent", "id subject"),
    _table("hubspot.email_event_open", "id"),
    _table("hubspot.email_event_click", "id"),
    _table(
        "hubspot.email_event",
        "id type:word recipient:word email_campaign_id sent_by_id created:moment!",
        household=("recipient", RECIPIENTS),
    ),
    _table(
        "cs.check_ins",
        "id household_id check_in_at:moment! check_in_type initiated_by",
        household="household_id",
    ),
    _table("cs.csms", "email:word role specialization regions portfolio_size:whole", key="email"),
    _table(
        "cs.lifecycle_overrides",
        "id household_id stage:word set_at:moment! reason_code",
        household="household_id",
    ),
    _table(
        "cs.referral_codes",
        "household_id referral_code issued_at:moment!",
        key="referral_code",
        household="household_id",
    ),
    _table(
        "cs.referrals",
        "id referrer_household_id referral_code referred_household_id created_at:moment!",
        household=("referral_code", "cs.referral_codes"),
    ),
    # Its column `reason` has another name here: that of a row is why it does not hold.
    _table(
        "cs.credits",
        "id household_id amount:exact currency:word granted_for|reason reference_id created_at:moment!"
        " expires_at:moment",
        household="household_id",
        spans=(("created_at", "expires_at"),),
        amounts=("amount",),
    ),
    _table(
        "cs.review_requests", "id household_id platform:word requested_at:moment!", household="household_id"
    ),
    _table(
        "cs.reviews",
        "id household_id platform:word rating:number submitted_at:moment!",
        household="household_id",
    ),
    _table(
        "cs.advocacy_activities",
        "id household_id activity:word completed_at:moment!",
        household="household_id",
    ),
    _table(
        "cs.deliveries",
        "message_key enrollment_id household_id playbook step survey_type:survey channel status:word"
        " is_person:flag occurred_at:moment! attempt:whole receiver_id actor",
        key="message_key status occurred_at",
        household="household_id",
        status_column="status",
        statuses=DELIVERY,
    ),
    _table(
        "cs.success_plans",
        "id household_id status:word created_at:moment! review_cadence:word updated_at:moment",
        household="household_id",
        status_column="status",
        statuses=SUCCESS_PLAN,
    ),
    _table(
        "cs.success_criteria",
        "id plan_id name metric:word baseline:number target:number deadline:day created_at:moment!",
        household=("plan_id", "cs.success_plans"),
    ),
)
BY_NAME = {table.name: table for table in TABLES}


def as_named(name: str, variables: Mapping[str, object]) -> RawTable:
    """Return a table of the contract, the column of a company's household as the var names it."""
    table = BY_NAME[name]
    named = variables.get("hubspot_household_property")
    if name != "hubspot.company" or not named:
        return table
    others = (str(named).lower(), *table.others["household_id"])
    return replace(table, others=table.others | {"household_id": others})
