"""The rules and the raw data contract, typed by hand from the specification.

Nothing here is read from the project's seeds: a seed that says something else must be noticed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

PLANS = ("Free", "Premium", "Enterprise")

FEATURE_TIERS = {
    "create_household": "core",
    "add_pet": "core",
    "complete_task": "core",
    "invite_member": "core",
    "recurring_tasks": "advanced",
    "reminders": "advanced",
    "photo_uploads": "advanced",
    "qr_code_sharing": "advanced",
    "notifications": "advanced",
    "calendar_sync": "premium",
    "advanced_analytics": "premium",
    "custom_templates": "premium",
    "priority_support": "premium",
}

EVENT_FEATURES = {
    "task_completion": "complete_task",
    "photo_upload": "photo_uploads",
    "pet_added": "add_pet",
    "member_invited": "invite_member",
}

PRIORITIES = {
    ("high", "high"): "P0",
    ("high", "medium"): "P1",
    ("high", "low"): "P2",
    ("medium", "high"): "P1",
    ("medium", "medium"): "P2",
    ("medium", "low"): "P3",
    ("low", "high"): "P2",
    ("low", "medium"): "P3",
    ("low", "low"): "P4",
}

RESPONSE_HOURS = {"P0": 1, "P1": 2, "P2": 4, "P3": 24, "P4": 48}
RESOLUTION_HOURS = {"P0": 4, "P1": 8, "P2": 24, "P3": 48, "P4": 120}
SEVERITIES = {"P0": "Critical", "P1": "High", "P2": "Medium", "P3": "Low", "P4": "Low"}

TICKET_CATEGORIES = (
    "bug",
    "feature_request",
    "how_to",
    "account_billing",
    "performance",
    "data_issue",
    "integration",
    "mobile",
)

PAYMENT_STATUSES = {
    "active": "current",
    "trialing": "current",
    "past_due": "overdue",
    "unpaid": "failed",
    "incomplete": "failed",
    "incomplete_expired": "failed",
    "canceled": "cancelled",
}

MONTHS_PER_INTERVAL = {
    "month": Fraction(1),
    "year": Fraction(1, 12),
    "week": Fraction(52, 12),
    "day": Fraction(365, 12),
}

ZERO_DECIMAL_CURRENCIES = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)


@dataclass(frozen=True)
class Rules:
    """Every number and table of the specification that the core marts need."""

    plans: tuple[str, ...] = PLANS
    feature_tiers: dict[str, str] = field(default_factory=lambda: dict(FEATURE_TIERS))
    event_features: dict[str, str] = field(default_factory=lambda: dict(EVENT_FEATURES))
    priorities: dict[tuple[str, str], str] = field(default_factory=lambda: dict(PRIORITIES))
    assumed_priority: str = "P3"
    response_hours: dict[str, int] = field(default_factory=lambda: dict(RESPONSE_HOURS))
    resolution_hours: dict[str, int] = field(default_factory=lambda: dict(RESOLUTION_HOURS))
    severities: dict[str, str] = field(default_factory=lambda: dict(SEVERITIES))
    ticket_categories: tuple[str, ...] = TICKET_CATEGORIES
    payment_statuses: dict[str, str] = field(default_factory=lambda: dict(PAYMENT_STATUSES))
    currency: str = "usd"
    session_gap_minutes: int = 30
    silent_days: int = 30
    lapse_days: int = 30
    paying_lookback_days: int = 90
    failed_days: int = 90
    clock_skew_hours: int = 24

    def rank(self, plan: str | None) -> int:
        """Return the rank of a plan; a plan nobody knows ranks with Free."""
        return self.plans.index(plan) if plan in self.plans else 0

    def plan_of_product(self, name: str | None) -> str | None:
        """Map a Stripe product's name to a plan: the plan whose name is a word of it."""
        words = (name or "").lower().replace("-", " ").replace("_", " ").split()
        for plan in reversed(self.plans):
            if plan.lower() in words:
                return plan
        return None


SUBSCRIPTION_STATUSES = frozenset(
    [
        "incomplete",
        "incomplete_expired",
        "trialing",
        "active",
        "past_due",
        "canceled",
        "unpaid",
        "paused",
    ]
)
IN_FORCE = frozenset({"active", "trialing", "past_due"})
PAYING = frozenset({"active", "past_due"})
FAILING = frozenset({"unpaid", "incomplete", "incomplete_expired"})
SOLVED = frozenset({"solved", "closed"})
AGENT_ROLES = frozenset({"agent", "admin"})
TICKET_STATUSES = frozenset({"new", "open", "pending", "hold", "solved", "closed"})


@dataclass(frozen=True)
class Table:
    """What is known about one raw table.

    `columns` maps a column to its kind: id, text, ts (timestamp), date, num, bool or json.
    """

    columns: dict[str, str]
    optional: frozenset[str]
    key: tuple[str, ...]
    own_date: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    amounts: tuple[str, ...] = ()
    statuses: frozenset[str] | None = None
    has_currency: bool = False


def _table(columns: str, key: str = "id", **rest) -> Table:
    kinds, optional, own_date = {}, set(), None
    for word in columns.split():
        name, _, kind = word.partition(":")
        if kind.endswith("!"):
            kind, own_date = kind[:-1], name
        if kind.endswith("?"):
            kind = kind[:-1]
            optional.add(name)
        kinds[name] = kind or "text"
    return Table(kinds, frozenset(optional), tuple(key.split()), own_date, **rest)


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(tuple(pair.split(">")) for pair in text.split())


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
    ("stripe", "price"): _table(
        "id:id product_id:id currency unit_amount:num recurring_interval recurring_interval_count:num",
        amounts=("unit_amount",),
        has_currency=True,
    ),
    ("stripe", "subscription_history"): _table(
        "id:id customer_id:id price_id:id quantity:num status current_period_start:ts "
        "current_period_end:ts cancel_at_period_end:bool canceled_at:ts ended_at:ts "
        "trial_start:ts trial_end:ts _fivetran_start:ts! _fivetran_end:ts _fivetran_active:bool",
        key="id _fivetran_start",
        pairs=_pairs(
            "current_period_start>current_period_end trial_start>trial_end _fivetran_start>_fivetran_end"
        ),
        amounts=("quantity",),
        statuses=SUBSCRIPTION_STATUSES,
    ),
    ("stripe", "invoice"): _table(
        "id:id customer_id:id subscription_id:id status currency amount_due:num amount_paid:num "
        "attempt_count:num created:ts! period_start:ts period_end:ts",
        pairs=_pairs("period_start>period_end"),
        amounts=("amount_due", "amount_paid"),
        statuses=frozenset({"draft", "open", "paid", "uncollectible", "void"}),
        has_currency=True,
    ),
    ("stripe", "charge"): _table(
        "id:id customer_id:id invoice_id:id amount:num currency status failure_code created:ts!",
        amounts=("amount",),
        statuses=frozenset({"succeeded", "failed", "pending"}),
        has_currency=True,
    ),
    ("stripe", "refund"): _table(
        "id:id charge_id:id amount:num currency status created:ts!",
        amounts=("amount",),
        statuses=frozenset({"pending", "requires_action", "succeeded", "failed", "canceled"}),
        has_currency=True,
    ),
    ("zendesk", "organization"): _table("id:id name external_id:id"),
    ("zendesk", "user"): _table("id:id email external_id:id organization_id:id role"),
    ("zendesk", "ticket"): _table(
        "id:id organization_id:id requester_id:id assignee_id:id subject description status type "
        "created_at:ts! updated_at:ts",
        statuses=TICKET_STATUSES,
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
    ("hubspot", "owner"): _table("id:id email full_name role specialization regions portfolio_size:num"),
    ("hubspot", "company"): _table("id:id household_id:id owner_id:id assigned_at:ts"),
    ("hubspot", "contact"): _table(
        "id:id company_id:id email full_name buying_role created_at:ts! left_at:ts",
        pairs=_pairs("created_at>left_at"),
    ),
    ("hubspot", "engagement"): _table(
        "id:id company_id:id contact_id:id? type event message_id:id? template:text? occurred_at:ts!"
    ),
    ("cs", "check_ins"): _table("id:id household_id:id check_in_at:ts! check_in_type initiated_by"),
    ("meta", "dataset"): _table("name kind generated_at:ts seed:num?", key="name"),
}
