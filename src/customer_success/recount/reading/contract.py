"""The contract of the raw tables, stated a second time from the definitions (docs/raw-data.md).

A list of statuses that is shortened in dbt_project.yml, or a column whose type is changed in a source file,
must not change what is expected here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TYPES = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "moment": "TIMESTAMP",
    "day": "DATE",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
}
# Texts that a person wrote, and names of persons: never quoted in a message.
PERSONAL = {"name", "email", "full_name", "subject", "description", "body", "comment", "metadata"}

SUBSCRIPTION = ("incomplete", "incomplete_expired", "trialing", "active")
SUBSCRIPTION += ("past_due", "canceled", "unpaid", "paused")
INVOICE = ("draft", "open", "paid", "uncollectible", "void")
CHARGE = ("succeeded", "failed", "pending")
REFUND = ("pending", "requires_action", "succeeded", "failed", "canceled")
TICKET = ("new", "open", "pending", "hold", "solved", "closed")

# Currencies that Stripe counts in whole units.
WITHOUT_MINOR_UNIT = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"


@dataclass(frozen=True)
class RawTable:
    """One raw table.

    ``columns`` maps a name to a DuckDB type. ``own_date`` is the column by which a row is later than
    ``as_of_date``. ``household`` is the path from a row to its household: a column that names it, or
    ``(column, parent table)``; None where the table has none. ``spans`` are (start, end); ``amounts`` may not
    be negative; ``statuses`` are those of ``status_column``. ``until`` maps a column that changes later to
    the column that dates the change: unknown while that lies after ``as_of_date``. ``first_by`` orders
    several rows with one key.
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
    currency: str | None = None
    until: dict[str, str] = field(default_factory=dict)
    first_by: str = "_fivetran_synced"

    @property
    def flat_name(self) -> str:
        """Return the name of the table in ``raw_kept`` and ``raw_read``."""
        return self.name.replace(".", "__")


def _table(name: str, columns: str, key: str = "id", **rest) -> RawTable:
    """Read columns as ``name`` (text) or ``name:kind``; ``!`` marks the row's own date."""
    types, own_date = {}, None
    for word in columns.split():
        column, _, kind = word.partition(":")
        if kind.endswith("!"):
            own_date, kind = column, kind[:-1]
        types[column] = TYPES[kind or "text"]
    if name != "meta.dataset":
        types["_fivetran_synced"] = "TIMESTAMP"
    return RawTable(name, types, tuple(key.split()), own_date, **rest)


# Parents come before their children.
TABLES = (
    _table(
        "app.households",
        "id name owner_user_id region created_at:moment! closed_at:moment acquisition_channel"
        " updated_at:moment",
        spans=(("created_at", "closed_at"),),
        until={"closed_at": "closed_at"},
    ),
    _table("app.users", "id email full_name created_at:moment!"),
    _table(
        "app.household_members",
        "id household_id user_id role joined_at:moment! left_at:moment",
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
    _table("meta.dataset", "name kind generated_at:moment seed:whole", key="name", first_by="generated_at"),
    _table(
        "product.events",
        "event_id event_name occurred_at:moment received_at:moment! user_id household_id pet_id feature_name"
        " task_id page",
        key="event_id",
        household="household_id",
        first_by="received_at",
    ),
    _table("stripe.customer", "id email name created:moment! metadata", household="metadata"),
    _table("stripe.product", "id name"),
    _table(
        "stripe.price",
        "id product_id currency unit_amount:whole recurring_interval recurring_interval_count:whole",
        amounts=("unit_amount",),
        currency="currency",
    ),
    _table(
        "stripe.subscription_history",
        "id customer_id price_id quantity:whole status current_period_start:moment current_period_end:moment"
        " cancel_at_period_end:flag canceled_at:moment ended_at:moment trial_start:moment trial_end:moment"
        " _fivetran_start:moment! _fivetran_end:moment _fivetran_active:flag",
        key="id _fivetran_start",
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
        "stripe.invoice",
        "id customer_id subscription_id status currency amount_due:whole amount_paid:whole"
        " attempt_count:whole created:moment! period_start:moment period_end:moment",
        household=("customer_id", "stripe.customer"),
        spans=(("period_start", "period_end"),),
        amounts=("amount_due", "amount_paid"),
        status_column="status",
        statuses=INVOICE,
        currency="currency",
    ),
    _table(
        "stripe.charge",
        "id customer_id invoice_id amount:whole currency status failure_code created:moment!",
        household=("customer_id", "stripe.customer"),
        amounts=("amount",),
        status_column="status",
        statuses=CHARGE,
        currency="currency",
    ),
    _table(
        "stripe.refund",
        "id charge_id amount:whole currency status created:moment!",
        household=("charge_id", "stripe.charge"),
        amounts=("amount",),
        status_column="status",
        statuses=REFUND,
        currency="currency",
    ),
    _table("zendesk.organization", "id name external_id", household="external_id"),
    _table("zendesk.user", "id email external_id organization_id role"),
    _table(
        "zendesk.ticket",
        "id organization_id requester_id assignee_id subject description status type created_at:moment!"
        " updated_at:moment",
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
        "id survey_type household_id user_id trigger channel sent_at:moment!",
        household="household_id",
    ),
    _table(
        "survey.response",
        "id invitation_id survey_type household_id user_id ticket_id score:number comment"
        " responded_at:moment!",
        household="household_id",
    ),
    _table("hubspot.owner", "id email full_name role specialization regions portfolio_size:whole"),
    _table(
        "hubspot.company",
        "id household_id owner_id assigned_at:moment",
        household="household_id",
        until={"owner_id": "assigned_at", "assigned_at": "assigned_at"},
    ),
    _table(
        "hubspot.contact",
        "id company_id email full_name buying_role created_at:moment! left_at:moment",
        household=("company_id", "hubspot.company"),
        spans=(("created_at", "left_at"),),
        until={"left_at": "left_at"},
    ),
    _table(
        "hubspot.engagement",
        "id company_id contact_id type event message_id template occurred_at:moment!",
        household=("company_id", "hubspot.company"),
    ),
    _table(
        "cs.check_ins",
        "id household_id check_in_at:moment! check_in_type initiated_by",
        household="household_id",
    ),
)
BY_NAME = {table.name: table for table in TABLES}
