"""Intervals of models: each value within its ends, ends in order, and Cox's from its own numbers."""

from __future__ import annotations

import duckdb
import numpy as np
from scipy.stats import norm

from customer_success.publish.gate import Problem

NAME = "intervals"
# (table, value, lower end, upper end, what names a row)
WITHIN = (
    ("ml_model_metrics", "value", "ci_low", "ci_high", "model, split, population, metric"),
    ("ml_calibration", "observed_rate", "ci_low", "ci_high", "model, bin"),
    ("ml_survival_curves", "survival", "ci_low", "ci_high", "plan_type, day"),
    ("ml_survival_summary", "hazard_ratio", "ci_low", "ci_high", "covariate"),
    ("rpt_health_backtest", "auc", "auc_ci_low", "auc_ci_high", "health_model, horizon_days, population"),
    (
        "rpt_health_backtest", "lift_worst_decile", "lift_ci_low", "lift_ci_high",
        "health_model, horizon_days, population",
    ),
    (
        "rpt_health_backtest", "auc_against_primary", "auc_against_primary_ci_low",
        "auc_against_primary_ci_high", "health_model, horizon_days, population",
    ),
    (
        "rpt_health_backtest_bands", "rate", "ci_low", "ci_high",
        "health_model, horizon_days, population, band",
    ),
)  # fmt: skip
ROUNDING = 1e-9
COX_TOLERANCE = 1e-3  # of the p-value, the hazard ratio and its ends on the scale of the logarithm


def problems_of_models(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """One problem per table and kind of value whose intervals do not hold it, with a first row."""
    found = [problem for fields in WITHIN for problem in _outside(connection, *fields)]
    return found + _of_cox(connection)


def _outside(connection, table: str, value: str, low: str, high: str, names: str) -> list[Problem]:
    # A value with one end, or an end without a value, is as wrong as one outside.
    rows = connection.sql(
        f"select concat_ws(', ', {names}), {value}, {low}, {high}, count(*) over () from analytics.{table}"
        f" where not ({low} <= {value} + {ROUNDING} and {value} <= {high} + {ROUNDING})"
        f" or ({low} is null) <> ({high} is null) or ({low} is not null and {value} is null)"
        f" order by 1 limit 1"
    ).fetchall()
    return [
        _problem(
            table, f"{value} in {count} rows lies outside its interval. First: {name}: {x} ({a} to {b})."
        )
        for name, x, a, b, count in rows
    ]


def _of_cox(connection) -> list[Problem]:
    """Wald's interval and p-value of each hazard ratio follow from its coefficient and one standard error."""
    rows = connection.sql(
        "select covariate, coefficient, hazard_ratio, ci_low, ci_high, p_value"
        " from analytics.ml_survival_summary where ci_low is not null order by covariate"
    ).df()
    if rows.empty:
        return []
    low, high, coefficient = np.log(rows["ci_low"]), np.log(rows["ci_high"]), rows["coefficient"]
    error = (high - low) / (2 * norm.ppf(0.975))
    expected = 2 * norm.sf(np.abs(coefficient) / error)
    off = (
        (np.abs((low + high) / 2 - coefficient) > COX_TOLERANCE * np.maximum(error, 1e-9))
        | (np.abs(np.log(rows["hazard_ratio"]) - coefficient) > COX_TOLERANCE * np.maximum(error, 1e-9))
        | ~np.isclose(rows["p_value"], expected, rtol=10 * COX_TOLERANCE, atol=1e-12)
    )
    return [
        _problem(
            "ml_survival_summary",
            f"hazard ratio of {row.covariate}: coefficient {row.coefficient:.6g}, interval"
            f" {row.ci_low:.6g} to {row.ci_high:.6g} and p {row.p_value:.3g} do not belong"
            f" together (p would be {p:.3g}).",
        )
        for row, p in zip(rows[off].itertuples(), expected[off], strict=True)
    ]


def _problem(table: str, message: str) -> Problem:
    return Problem(name=NAME, status="fail", message=f"{table}: {message}", file=f"analytics.{table}")
