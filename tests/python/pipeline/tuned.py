"""Changes all rules of a project: its vars, and its seeds of health."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

Rows = list[dict[str, str]]

# Each number is raised; lists and words become other ones.
VARS = {
    "adoption_days": 35,
    "adoption_min_features": 4,
    "advocacy_rest_days": 185,
    "advocate_after_days": 185,
    "advocate_min_nps": 10,
    "advocate_min_rating": 5,
    "advocate_min_referrals": 3,
    "advocate_referral_days": 95,
    "advocate_review_days": 370,
    "advocates_per_owner": 21,
    "analytics_feature": "custom_templates",
    "at_risk_grades": ["C", "D", "F"],
    "backtest_horizons": [35, 65],
    "backtest_replicates": 410,
    "busy_tasks_30": 65,
    "churn_horizon_days": 35,
    "churn_inactivity_days": 35,
    "churn_least_change": 0.06,
    "claim_alpha": 0.06,
    "claim_widest_tolerance": 0.12,
    "clock_skew_tolerance_hours": 30,
    "cross_sell_recurring_tasks": 6,
    "cross_sell_tickets_90": 4,
    "due_soon_days": 35,
    "engagement_months": 14,
    "escalation_change_days": 31,
    "escalation_customer_share": 0.006,
    "escalation_days": 405,
    "escalation_loss_days": 65,
    "escalation_quote_length": 310,
    "escalation_samples": 6,
    "few_features_30": 3,
    "first_adoption_days": 35,
    "first_health_days": 100,
    "freshness_stale_hours": 75,
    "freshness_warn_hours": 50,
    "funnel_days": 95,
    "fx_rate_days": 9,
    "grave_severities": ["Critical"],
    "growth_min_health": 72,
    "health_score_drop_points": 18,
    "health_trend_days": 35,
    "health_trend_points": 7,
    "high_engagement_score": 82,
    "history_weeks": 110,
    "initial_state_day": 9,
    "journey_growth_after_days": 95,
    "journey_growth_days": 95,
    "journey_onboarding_days": 35,
    "journey_retention_after_days": 370,
    "journey_retention_below": 0.35,
    "journey_retention_from": 0.45,
    "lapse_window_days": 40,
    "leaderboard_days": 370,
    "lifecycle_opportunity_days": 95,
    "link_by_domain": True,
    "link_by_email": True,
    "loop_lapse_days": 95,
    "many_limit_hits_30": 4,
    "many_pets": 4,
    "metric_replicates": 410,
    "min_known_weight": 0.65,
    "near_limit_shares": {"members": 0.85, "photos": 0.95, "tasks": 0.75},
    "no_variation": 1e-11,
    "nps_valid_days": 200,
    "onboarding_abandoned_days": 95,
    "opportunity_expires_sundays": 14,
    "opportunity_horizons": [35, 65, 95],
    "opportunity_min_n": 31,
    "opportunity_outcome_days": 95,
    "opportunity_study_days": 370,
    "paying_lookback_days": 100,
    "payment_failed_days": 100,
    "payment_grace_days": 12,
    "peak_hours": [17, 23],
    "performance_alpha": 0.002,
    "performance_times_mean": 2.5,
    "performance_weeks": 27,
    "photo_feature": "reminders",
    "portfolio_renewal_days": 95,
    "premium_risk_after_days": 35,
    "premium_risk_below": 55,
    "premium_study_days": 65,
    "primary_health_model": "guide_v1",
    "promoter_score": 10,
    "random_seed": 8,
    "reached_statuses": ["delivered", "done"],
    "renewal_days_ahead": 185,
    "renewal_days_behind": 460,
    "renewal_forecast_days": 65,
    "renewal_min_interval_days": 185,
    "renewal_min_sample": 31,
    "renewal_near_days": 65,
    "review_ask_days": 95,
    "review_wait_days": 370,
    "reviews_a_day": 21,
    "reward_valid_days": 370,
    "reward_wait_days": 35,
    "sentiment_before_days": 100,
    "sentiment_last_messages": 6,
    "sentiment_window_days": 35,
    "session_gap_minutes": 45,
    "snapshot_count": 21,
    "snapshot_every_days": 29,
    "survey_any_days": 15,
    "survey_days": 405,
    "survey_feature_days": 95,
    "survey_nps_days": 95,
    "survey_send_days": 8,
    "survival_landmark_days": 95,
    "survival_later_share": 0.3,
    "team_growth_ratio": 1.3,
    "theme_alpha": 0.02,
    "theme_min_households": 11,
    "theme_replicates": 410,
    "theme_window_days": 31,
    "theme_windows": 13,
    "ticket_study_days": 95,
    "tier_upgrade_days": 125,
    "top_mrr_percentile": 0.92,
    "trailing_days": 100,
    "trend_min_age_days": 75,
    "upsell_clicks": 4,
    "upsell_min_days": 35,
    "upsell_photos": 9,
    "upsell_recurring_tasks": 4,
}
# The data, the statuses that connectors and the company's own tables document, and a mathematical constant.
NOT_TUNED = {
    *("as_of_date", "allow_future_as_of", "raw_data_path", "reporting_currency"),
    "hubspot_household_property",
    "stripe_household_keys",
    *("stripe_subscription_statuses", "stripe_invoice_statuses", "stripe_charge_statuses"),
    *("stripe_refund_statuses", "zendesk_ticket_statuses", "survey_types", "zendesk_user_roles"),
    *("zero_decimal_currencies", "normal_quantile_975"),
    "first_value_days",  # the name of its metric says 7 days
    *("delivery_statuses", "success_plan_statuses", "lifecycle_stages", "review_cadences"),
}


def tune_vars(project: Path) -> None:
    """Give each var in dbt_project.yml its new value."""
    file = project / "dbt_project.yml"
    text = file.read_text(encoding="utf-8")
    for name, value in VARS.items():
        text, found = re.subn(
            rf"(?m)^(  {name}: )(\[.*?\]|\{{.*?\}}|\S+)", rf"\g<1>{json.dumps(value)}", text
        )
        assert found == 1, name
    file.write_text(text, encoding="utf-8")


def tune_seeds(project: Path) -> list[str]:
    """Change each seed in ``SEEDS``; return their names."""
    for name, tune in SEEDS.items():
        file = project / "seeds" / "rules" / "health" / f"{name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        tune(rows)
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return list(SEEDS)


def _raised(column: str, by: str, least: str = "-Infinity", most: str = "Infinity") -> Callable[[Rows], None]:
    """Raise the values of a column that lie between two bounds, both excluded."""

    def tune(rows: Rows) -> None:
        for row in rows:
            if row[column] and Decimal(least) < Decimal(row[column]) < Decimal(most):
                row[column] = str(Decimal(row[column]) + Decimal(by))

    return tune


def _groups(rows: Rows, *columns: str) -> Iterator[Rows]:
    for key in dict.fromkeys(tuple(row[column] for column in columns) for row in rows):
        yield [row for row in rows if tuple(row[column] for column in columns) == key]


def _other_weights(rows: Rows) -> None:
    """Move weight to a part of each scorecard from the next one."""
    for first, second, *_ in _groups(rows, "health_model"):
        first["weight"] = str(Decimal(first["weight"]) + Decimal("0.037"))
        second["weight"] = str(Decimal(second["weight"]) - Decimal("0.037"))


def _other_lines(rows: Rows) -> None:
    """Give the first metric of each part one share more, and move all ideal values away from the worst."""
    for part in _groups(rows, "health_model", "part"):
        part[0]["weight_numerator"] = str(int(part[0]["weight_numerator"]) + 1)
        for row in part:
            worst, ideal = Decimal(row["worst"]), Decimal(row["ideal"])
            row["weight_denominator"] = str(int(row["weight_denominator"]) + 1)
            row["ideal"] = str(ideal + (ideal - worst) / 4)


def _other_bands(rows: Rows) -> None:
    _raised("min_score", "3", least="0")(rows)
    _raised("max_score", "3", most="100")(rows)


SEEDS: dict[str, Callable[[Rows], None]] = {
    "health_parts": _other_weights,
    "health_lines": _other_lines,
    "health_points": _raised("points", "1"),
    "health_bands": _other_bands,
    "daily_statuses": _raised("score_below", "4"),
    "trend_alerts": _raised("drop_share", "0.05"),
}
