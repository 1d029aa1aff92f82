"""The rules that may be tuned: vars of the project and its seeds of rules, read independently of dbt.

Formulas, windows that a name states and the contract of raw tables are definitions, so the code of the
recount states them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

from .health_rules import HealthRules, read_health
from .seeds import SEEDS, falling, pairs_of, rows_of

AGENT_ROLES = frozenset({"agent", "admin"})
DESK_PRIORITIES = frozenset({"urgent", "high", "normal", "low"})
SOLVED = frozenset({"solved", "closed"})
ASSUMED = "assumed"
HOUSEHOLD_KEYS = ("household_id", "householdId", "external_id")


@dataclass(frozen=True)
class Rules:
    """All rules. Days are whole numbers; tags are (pattern, dimension, value), a `*` ends a prefix."""

    plans: tuple[str, ...]
    plan_of_product: dict[str, str]
    mapped_products: dict[str, str | None]
    limits: dict[str, dict[str, Fraction]]
    feature_tiers: dict[str, str]
    event_features: dict[str, str]
    tags: tuple[tuple[str, str, str], ...]
    levels: tuple[str, ...]
    priorities: dict[tuple[str, str], str]
    desk_priorities: dict[str, str]
    public_domains: frozenset[str]
    link_by_email: bool
    link_by_domain: bool
    household_property: str
    response_hours: dict[str, int]
    resolution_hours: dict[str, int]
    severities: dict[str, str]
    in_force: frozenset[str]
    paying: frozenset[str]
    payment_statuses: dict[str, str | None]
    interval_months: dict[str, Fraction]
    interval_days: dict[str, int]
    care_categories: dict[str, bool]
    nps_categories: tuple[tuple[Fraction, str], ...]
    statuses: dict[str, frozenset[str]]
    zero_decimal_currencies: frozenset[str]
    currency: str
    household_keys: tuple[str, ...]
    session_gap_minutes: int
    silent_days: int
    lapse_days: int
    paying_lookback_days: int
    failed_days: int
    grace_days: int
    clock_skew_hours: int
    initial_day: int
    first_adoption_days: int
    first_health_days: int
    landmark_days: int
    nps_days: int
    young_days: int
    horizon_days: int
    snapshot_days: int
    snapshot_count: int
    ticket_study_days: int
    premium_study_days: int
    peak_hours: tuple[int, int]
    later_share: Fraction
    meeting_templates: tuple[tuple[str, str], ...]
    variables: Mapping[str, object]
    seeds: Path
    health: HealthRules

    @classmethod
    def read(cls, variables: Mapping[str, object] | None = None, seeds: Path = SEEDS) -> Rules:
        """Read the rules in force.

        ``variables``: vars as dbt resolved them; left out, those of dbt_project.yml. Raises FileNotFoundError
        or KeyError where a seed, a column or a var is missing.
        """
        values = _project_variables() if variables is None else variables
        return cls(
            **_plans(seeds),
            **_desk(seeds),
            **_billing(seeds),
            **_vars(values),
            feature_tiers=pairs_of(seeds / "product" / "features.csv", "feature_name", "tier"),
            event_features=pairs_of(seeds / "product" / "event_features.csv", "event_name", "feature_name"),
            care_categories={
                row["category"]: row["is_care"].lower() == "true"
                for row in rows_of(seeds / "customers" / "care_task_categories.csv")
            },
            meeting_templates=_templates(seeds),
            nps_categories=falling(rows_of(seeds / "feedback" / "nps_categories.csv"), "category"),
            variables=values,
            seeds=seeds,
            health=read_health(values, seeds / "health"),
        )

    def rows(self, seed: str) -> tuple[dict[str, str], ...]:
        """Return the rows of a seed of rules, such as 'growth/add_ons'."""
        file = (self.seeds / f"{seed}.csv").resolve()
        return _rows(file, file.stat().st_mtime_ns)

    def whole(self, name: str) -> int:
        """Return a var that is a whole number, such as a number of days."""
        return int(self.variables[name])

    def exact(self, name: str) -> Fraction:
        """Return a var that is any number."""
        return Fraction(str(self.variables[name]))

    @property
    def failing(self) -> frozenset[str]:
        """Statuses of a subscription whose payment failed."""
        return frozenset(name for name, outcome in self.payment_statuses.items() if outcome == "failed")

    @property
    def trialing(self) -> frozenset[str]:
        """Statuses of a subscription that is in force and not paid for."""
        return self.in_force - self.paying

    def rank(self, plan: str | None) -> int:
        """Return the rank of a plan; an unknown plan ranks with the lowest."""
        return self.plans.index(plan) if plan in self.plans else 0

    def is_care(self, category: str | None) -> bool:
        """Return whether a task is care; a category outside the seed counts as care."""
        return self.care_categories.get(category, category is not None)

    def priority(self, urgency: str | None, impact: str | None, desk_priority: str | None) -> str:
        """Return the priority of two levels; where one is missing the desk's own, else it is assumed."""
        if urgency is not None and impact is not None:
            return self.priorities[urgency, impact]
        if desk_priority is not None:
            return self.desk_priorities[desk_priority]
        return self.priorities[ASSUMED, ASSUMED]


@cache
def _rows(seed: Path, changed: int) -> tuple[dict[str, str], ...]:
    """Read a seed once per moment at which it was changed."""
    return tuple(rows_of(seed))


def _plans(seeds: Path) -> dict[str, object]:
    rows = sorted(rows_of(seeds / "billing" / "plans.csv"), key=lambda row: int(row["plan_rank"]))
    names = ("recurring_tasks", "photos", "members")
    return {
        "plans": tuple(row["plan_type"] for row in rows),
        "plan_of_product": {
            row["stripe_product_name"]: row["plan_type"] for row in rows if row["stripe_product_name"]
        },
        "limits": {
            row["plan_type"]: {name: Fraction(row[f"max_{name}"]) for name in names if row[f"max_{name}"]}
            for row in rows
        },
    }


def _desk(seeds: Path) -> dict[str, object]:
    """Levels are the highest first, in lower case like those of the priorities."""
    slas = rows_of(seeds / "support" / "ticket_slas.csv")
    levels = sorted(rows_of(seeds / "support" / "ticket_levels.csv"), key=lambda row: -int(row["level_rank"]))
    return {
        "tags": tuple(
            (row["tag_pattern"], row["dimension"], row["value"])
            for row in rows_of(seeds / "support" / "ticket_tags.csv")
        ),
        "levels": tuple(row["level"].lower() for row in levels),
        "priorities": {
            (row["urgency"].lower(), row["impact"].lower()): row["priority"]
            for row in rows_of(seeds / "support" / "ticket_priorities.csv")
        },
        "desk_priorities": pairs_of(
            seeds / "support" / "zendesk_priorities.csv", "zendesk_priority", "priority"
        ),
        "public_domains": frozenset(
            row["domain"] for row in rows_of(seeds / "support" / "public_email_domains.csv")
        ),
        "response_hours": {row["priority"]: int(row["response_sla_hours"]) for row in slas},
        "resolution_hours": {row["priority"]: int(row["resolution_sla_hours"]) for row in slas},
        "severities": {row["priority"]: row["severity"] for row in slas},
    }


def _billing(seeds: Path) -> dict[str, object]:
    intervals = rows_of(seeds / "billing" / "billing_intervals.csv")
    products = rows_of(seeds / "billing" / "stripe_products.csv", may_be_absent=True)
    statuses = rows_of(seeds / "billing" / "subscription_statuses.csv")
    in_force = {row["status"] for row in statuses if row["is_in_force"].lower() == "true"}
    paying = {row["status"] for row in statuses if row["is_paying"].lower() == "true"}
    return {
        "mapped_products": {row["product"]: row["plan_type"] or None for row in products},
        "in_force": frozenset(in_force),
        "paying": frozenset(in_force & paying),
        "payment_statuses": {row["status"]: row["payment_status"] or None for row in statuses},
        "interval_months": {
            row["billing_interval"]: Fraction(int(row["months_numerator"]), int(row["months_denominator"]))
            for row in intervals
        },
        "interval_days": {row["billing_interval"]: int(row["days"]) for row in intervals},
    }


def _templates(seeds: Path) -> tuple[tuple[str, str], ...]:
    """Return (pattern of a meeting's title, template) in the order in which they are tried."""
    rows = [row for row in rows_of(seeds / "customers" / "crm_templates.csv") if row["words_of"] == "meeting"]
    rows.sort(key=lambda row: int(row["pattern_order"]))
    return tuple((row["pattern"], row["template"]) for row in rows)


def _vars(values: Mapping[str, object]) -> dict[str, object]:
    days = {
        "session_gap_minutes": "session_gap_minutes",
        "silent_days": "churn_inactivity_days",
        "lapse_days": "lapse_window_days",
        "paying_lookback_days": "paying_lookback_days",
        "failed_days": "payment_failed_days",
        "grace_days": "payment_grace_days",
        "clock_skew_hours": "clock_skew_tolerance_hours",
        "initial_day": "initial_state_day",
        "first_adoption_days": "first_adoption_days",
        "first_health_days": "first_health_days",
        "landmark_days": "survival_landmark_days",
        "nps_days": "nps_valid_days",
        "young_days": "trend_min_age_days",
        "horizon_days": "churn_horizon_days",
        "snapshot_days": "snapshot_every_days",
        "snapshot_count": "snapshot_count",
        "ticket_study_days": "ticket_study_days",
        "premium_study_days": "premium_study_days",
    }
    return {
        **{name: int(values[var]) for name, var in days.items()},
        "peak_hours": tuple(int(hour) for hour in values["peak_hours"]),
        "later_share": Fraction(str(values["survival_later_share"])),
        "currency": str(values["reporting_currency"]).lower(),
        "household_keys": tuple(values.get("stripe_household_keys", HOUSEHOLD_KEYS)),
        "zero_decimal_currencies": frozenset(values["zero_decimal_currencies"]),
        "link_by_email": bool(values["link_by_email"]),
        "link_by_domain": bool(values["link_by_domain"]),
        "household_property": str(values["hubspot_household_property"]),
        "statuses": {name: frozenset(values[name]) for name in values if str(name).endswith("_statuses")},
    }


def _project_variables() -> dict[str, object]:
    return yaml.safe_load(Path("dbt_project.yml").read_text(encoding="utf-8"))["vars"]
