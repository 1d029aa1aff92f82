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
    "at_risk_grades": ["C", "D", "F"],
    "backtest_horizons": [35, 65],
    "backtest_replicates": 410,
    "churn_horizon_days": 35,
    "churn_inactivity_days": 35,
    "churn_least_change": 0.06,
    "claim_alpha": 0.06,
    "claim_widest_tolerance": 0.12,
    "clock_skew_tolerance_hours": 30,
    "first_adoption_days": 35,
    "first_health_days": 100,
    "freshness_stale_hours": 75,
    "freshness_warn_hours": 50,
    "fx_rate_days": 9,
    "health_score_drop_points": 18,
    "health_trend_days": 35,
    "health_trend_points": 7,
    "history_weeks": 110,
    "initial_state_day": 9,
    "lapse_window_days": 40,
    "link_by_domain": True,
    "link_by_email": True,
    "metric_replicates": 410,
    "min_known_weight": 0.65,
    "nps_valid_days": 200,
    "paying_lookback_days": 100,
    "payment_failed_days": 100,
    "payment_grace_days": 12,
    "peak_hours": [17, 23],
    "premium_risk_after_days": 35,
    "premium_risk_below": 55,
    "premium_study_days": 65,
    "primary_health_model": "guide_v1",
    "random_seed": 8,
    "sentiment_before_days": 100,
    "sentiment_last_messages": 6,
    "sentiment_window_days": 35,
    "session_gap_minutes": 45,
    "snapshot_count": 21,
    "snapshot_every_days": 29,
    "survival_landmark_days": 95,
    "survival_later_share": 0.3,
    "ticket_study_days": 95,
    "top_mrr_percentile": 0.92,
    "trailing_days": 100,
    "trend_min_age_days": 75,
}
# The data, the statuses that connectors document, and a mathematical constant.
NOT_TUNED = {
    *("as_of_date", "allow_future_as_of", "raw_data_path", "reporting_currency"),
    "hubspot_household_property",
    "stripe_household_keys",
    *("stripe_subscription_statuses", "stripe_invoice_statuses", "stripe_charge_statuses"),
    *("stripe_refund_statuses", "zendesk_ticket_statuses", "survey_types", "zendesk_user_roles"),
    *("zero_decimal_currencies", "normal_quantile_975"),
}


def tune_vars(project: Path) -> None:
    """Give each var in dbt_project.yml its new value."""
    file = project / "dbt_project.yml"
    text = file.read_text(encoding="utf-8")
    for name, value in VARS.items():
        text, found = re.subn(rf"(?m)^(  {name}: )(\[.*?\]|\S+)", rf"\g<1>{json.dumps(value)}", text)
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
