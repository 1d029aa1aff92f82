"""Made-up rows of the journeys: two households, one of them at risk, one gone."""

from __future__ import annotations

import json
from datetime import date, datetime

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
SUNDAYS = [date(2026, 6, 14), date(2026, 6, 21), date(2026, 6, 28)]
BLOCKERS = json.dumps([{"condition": "health", "value": 21, "threshold": 60}])


def journeys(stays: str = "hh_1", left: str = "hh_2") -> dict[str, list[dict]]:
    """Rows of each table that the page of customers reads."""
    return {
        "dim_households": [
            {"household_id": stays, "is_active": True, "is_synthetic": False},
            {"household_id": left, "is_active": False, "is_synthetic": False},
        ],
        "fct_customer_health": [{"household_id": stays, "score_date": day} for day in SUNDAYS],
        "dim_lifecycle_stages": [
            {"stage": stage, "position": place}
            for place, stage in enumerate(["trial", "adopting", "growing", "at_risk", "churned"], 1)
        ],
        "fct_journey_stages": [
            _spell(stays, "adoption", None, None, is_left_truncated=True),
            _spell(left, "adoption", None, SUNDAYS[1], is_left_truncated=True, is_current=False),
            _spell(left, "churned", SUNDAYS[1], None, previous_stage="adoption"),
        ],
        "fct_lifecycle_stages": [
            _spell(stays, "growing", date(2026, 6, 7), SUNDAYS[2], is_current=False),
            _spell(stays, "at_risk", SUNDAYS[2], None, previous_stage="growing")
            | {"next_stage": "adopting", "stage_progress": 0.5, "blockers": BLOCKERS},
            _spell(left, "churned", SUNDAYS[1], None, previous_stage="growing"),
        ],
        "fct_csm_assignments": [
            {"household_id": stays, "plan_type": None, "owner_id": "own_1"}
            | {"assignment": "assigned", "reason": "no_owner_in_crm"}
        ],
        "fct_customer_engagement": [
            {"household_id": stays, "month_start": MAY, "is_complete": True, "engagement_level": "high"}
            | {"engagement_score": 81},
            {"household_id": stays, "month_start": JUNE, "is_complete": True, "engagement_level": None},
        ],
        "fct_feedback_loops": [
            {"loop_id": "l1", "household_id": stays, "kind": "resolution", "origin": "nps"}
            | {"status": "overdue", "due_at": datetime(2026, 6, 20, 9)}
        ],
        "expansion_opportunities": [
            {"id": "o1", "customer_id": stays, "opportunity_type": "task_expansion", "status": "open"}
            | {"identified_at": SUNDAYS[0], "estimated_value": 9.99}
        ],
        **_flows(),
        **_onboarding(stays),
        **_renewals(stays),
    }


def _spell(household: str, stage: str, entered: date | None, left: date | None, **more: object) -> dict:
    is_current = more.pop("is_current", True)
    row = {"household_id": household, "spell_number": 1, "stage": stage, "entered_on": entered}
    row |= {"left_on": left, "is_current": is_current, "is_left_truncated": False}
    return row | {"stage_today": stage if is_current else None} | more


def _flows() -> dict[str, list[dict]]:
    pair = {"from_stage": "adoption", "to_stage": "churned", "transitions": 3, "households": 3}
    return {
        "rpt_journey_transitions": [
            pair | {"days_at_risk": 900, "rate_per_30_days": 0.1, "ci_low": 0.05, "ci_high": 0.2},
            {"from_stage": "churned", "to_stage": "adoption", "transitions": 1, "households": 1}
            | {"days_at_risk": 60, "rate_per_30_days": 0.5},
            {"from_stage": "awareness", "to_stage": "onboarding", "transitions": 2, "households": 2},
        ],
        "rpt_journey_drop_off": [
            {"stage": "adoption", "n": 40, "left_count": 4, "drop_off_rate": 0.1, "ci_low": 0.04}
            | {"ci_high": 0.23, "stated_rate": 0.25, "verdict": "lower"},
            {"stage": "retention", "n": 0, "stated_rate": 0.08, "verdict": "not_measurable"},
            {"stage": "awareness", "stated_rate": 0.7, "verdict": "not_measurable"},
        ],
    }


def _onboarding(household: str) -> dict[str, list[dict]]:
    start = {"household_id": household, "program": "quick_start", "started_on": MAY}
    cohort = {"program": "quick_start", "stalled": 0}
    return {
        "fct_onboarding": [start | {"status": "in_progress", "is_current": True}],
        "fct_onboarding_steps": [
            start | {"step": "first_pet", "is_required": True, "completed_on": MAY},
            start | {"step": "reminders", "is_required": False},
        ],
        "rpt_onboarding": [
            cohort
            | {"start_month": date(2026, 4, 1), "started": 10, "completed_in_time_rate": 0.8}
            | {"completed_rate": 0.9, "ci_low": 0.49, "ci_high": 0.94, "first_value_7d_rate": 0.7},
            cohort | {"start_month": MAY, "started": 2},
        ],
    }


def _renewals(household: str) -> dict[str, list[dict]]:
    return {
        "fct_renewals": [
            {"household_id": household, "subscription_id": "s1", "renewal_on": date(2026, 8, 3)}
            | {"status": "ahead"},
            {"household_id": household, "subscription_id": "s2", "renewal_on": date(2026, 5, 3)},
        ],
        "rpt_renewal_forecast": [
            {"month_start": MAY, "renewals": 1, "cancellations_scheduled": 0, "mrr": 20, "forecast_mrr": 15.0}
            | {"ci_low": 5.0, "ci_high": 20.0, "renewed_mrr": 12},
            {"month_start": date(2026, 8, 1), "renewals": 1, "cancellations_scheduled": 1, "mrr": 9.99}
            | {"note": "needs 30 settled renewals, has 1"},
        ],
        "rpt_csm_portfolio": [
            {"owner_id": "own_1", "customers": 1, "at_risk": 1, "critical": 0, "portfolio_size": 20}
            | {"utilization": 0.05, "engagement_unknown": 1, "renewals_90d": 1},
            {"owner_id": "own_2", "customers": 0, "at_risk": 0, "critical": 0},
        ],
    }
