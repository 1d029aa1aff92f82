"""Made-up rows of growth."""

from __future__ import annotations

import json
from datetime import date, datetime

WON = {"probability": 0.2, "probability_n": 50, "probability_ci_low": 0.11, "probability_ci_high": 0.33}


def growth(household: str = "hh_1") -> dict[str, list[dict]]:
    """Rows of each table that the page of growth reads."""
    return {
        "dim_households": [{"household_id": household, "is_active": True, "is_synthetic": False}],
        "expansion_opportunities": [
            _opportunity("o1", household, "user_expansion", "open") | WON | {"stated_probability": 0.75},
            _opportunity("o2", household, "user_expansion", "lost") | WON | {"stated_probability": 0.75},
            _opportunity("o3", household, "add_features", "open") | {"probability_n": 12},
        ],
        "rpt_expansion_pipeline": [
            {"opportunity_type": "user_expansion", "timing": "immediate", "open_opportunities": 1}
            | {"owner_id": "own_1", "households": 1, "value": 8.25, "unknown_value": 0},
            {"opportunity_type": "add_features", "timing": "immediate", "open_opportunities": 1}
            | {"households": 1, "value": None, "unknown_value": 1},
        ],
        "rpt_expansion_backtest": [
            {"opportunity_type": "user_expansion", "horizon_days": 90, "opened": 43, "won": 4, "rate": 0.093}
            | {"ci_low": 0.04, "ci_high": 0.22, "base_n": 800, "base_rate": 0.03, "lift": 3.1}
            | {"lift_ci_low": 1.2, "lift_ci_high": 9.0, "is_useful": True},
            {"opportunity_type": "add_features", "horizon_days": 90, "opened": 12, "won": 0, "rate": 0.0}
            | {"ci_low": 0.0, "ci_high": 0.24, "base_n": 500, "base_rate": 0.05},
        ],
        "fct_growth_candidates": [
            {"household_id": household, "program": "upsell", "reason": "photos", "angle": "more_photos"}
            | {"offer": None, "rank": 1},
        ],
        "rpt_upsell_funnel": [
            {"free_customers": 80, "reached": 26, "considered": 17, "trial": 0, "bought": 1}
            | {"reached_to_considered": 17 / 26, "considered_to_trial": 0.0, "overall_conversion": 1 / 80}
            | {"reached_to_considered_ci_low": 0.46, "reached_to_considered_ci_high": 0.81}
            | {"considered_to_trial_ci_low": 0.0, "considered_to_trial_ci_high": 0.18}
            | {"bought_unreached": 2},
        ],
        "fct_referrals": [
            _referral("r1", household, "rewarded", False),
            _referral("r2", household, "converted", True),
        ],
        "fct_rewards_due": [
            {"reward_id": "w1", "household_id": household, "kind": "referral", "amount": 10, "status": "due"}
        ],
        "rpt_referral_leaderboard": [
            {"place": 1, "household_id": household, "successful_referrals": 1}
            | {"last_referral_at": datetime(2026, 5, 2, 9)}
        ],
        "rpt_reviews": [
            {"platform": "app_store", "asked": 10, "submitted": 3, "submission_rate": 0.3, "ci_low": 0.11}
            | {"ci_high": 0.6, "mean_rating": 4.2, "rating_ci_low": 3.1, "rating_ci_high": 4.9}
            | {"rating_n": 8},
            {"platform": "trustpilot", "asked": 0, "submitted": 0, "rating_n": 0},
        ],
        "dim_advocates": [
            {"household_id": household, "points_earned": 650, "points_spent": 0, "points": 650}
            | {"tier": "Champion", "since": date(2026, 5, 1), "activities": _activities()}
        ],
    }


def _opportunity(key: str, household: str, kind: str, status: str) -> dict:
    return {"id": key, "customer_id": household, "opportunity_type": kind, "status": status}


def _referral(key: str, household: str, status: str, is_own: bool) -> dict:
    row = {"referral_id": key, "referrer_household_id": household, "created_at": datetime(2026, 5, 2, 9)}
    return row | {"status": status, "is_self_referral": is_own, "needs_review": False}


def _activities() -> str:
    return json.dumps(
        [
            {"activity": "testimonial", "times": 1, "is_rewarded": True},
            {"activity": "webinar", "times": 2, "is_rewarded": False},
        ]
    )
