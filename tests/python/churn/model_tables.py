"""The tables of the models as a build has them, made by runs of the package on simulated households."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from churn_panels import BANDS

from customer_success import churn, survival

AS_OF = date(2026, 6, 30)

TABLES = """
create schema analytics; create schema build;
create table build.parameters (as_of_date date);
create table analytics.dim_households (household_id varchar, is_active boolean, is_synthetic boolean);
create table analytics.ml_model_runs (
    model_run_id varchar, as_of_date date, selected_model varchar, status varchar, reason varchar,
    train_from date, train_to date, test_from date, test_to date, n_train bigint, n_test bigint,
    positives_train bigint, positives_test bigint, households_train bigint, households_test bigint,
    churned_train bigint, churned_test bigint, notes varchar, is_current boolean);
create table analytics.ml_model_metrics (
    model_run_id varchar, model varchar, split varchar, metric varchar, value double, ci_low double,
    ci_high double, n bigint, positives bigint, population varchar);
create table analytics.ml_model_candidates (model_run_id varchar, model varchar, training_note varchar);
create table analytics.ml_model_curves (
    model_run_id varchar, model varchar, curve varchar, population varchar, x double, y double,
    ci_low double, ci_high double);
create table analytics.ml_feature_importance (
    model_run_id varchar, feature varchar, importance double, ci_low double, ci_high double,
    importance_rank bigint);
create table analytics.ml_calibration (
    model_run_id varchar, model varchar, bin bigint, mean_predicted double, observed_rate double, n bigint,
    ci_low double, ci_high double);
create table analytics.ml_prediction_outcomes (
    household_id varchar, scored_as_of date, churn_probability double, churned_next_30d boolean,
    outcome_known boolean);
create table analytics.ml_survival_summary (
    covariate varchar, hazard_ratio double, ci_low double, ci_high double, p_value double, n bigint,
    events bigint, ph_test_p double, ph_test_action varchar, note varchar);
create table analytics.ml_survival_fit (
    n bigint, events bigint, concordance_in_sample double, concordance_later_cohort double,
    log_likelihood_ratio_p double, aic double, ties_method varchar, log_rank_p double, status varchar,
    reason varchar);
create table analytics.ml_survival_curves (
    plan_type varchar, day integer, survival double, ci_low double, ci_high double, at_risk bigint);
create table analytics.ml_survival_predictions (
    household_id varchar, median_days_remaining double, survival_30d double, survival_90d double,
    survival_365d double);
"""
RENAMED = {
    "ml_calibration": {"observed": "observed_rate"},
    "ml_survival_summary": {"ph_p_value": "ph_test_p", "ph_action": "ph_test_action"},
    "ml_survival_fit": {
        "concordance": "concordance_in_sample",
        "later_concordance": "concordance_later_cohort",
        "likelihood_ratio_p": "log_likelihood_ratio_p",
        "ties": "ties_method",
    },
    "ml_survival_curves": {"group": "plan_type"},
}


@dataclass
class Models:
    """The rows of a made-up build by table; a table that is left out is empty."""

    rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    synthetic: bool = False

    def write(self, file: Path) -> Path:
        """Write them to a database; columns that the tables lack are left out."""
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(TABLES)
            connection.execute("insert into build.parameters values (?)", [AS_OF])
            household = ["h1", True, self.synthetic]
            connection.execute("insert into analytics.dim_households values (?, ?, ?)", household)
            for table, rows in self.rows.items():
                names = connection.execute(f"select * from analytics.{table} limit 0").df().columns
                rows = rows[[name for name in names if name in rows]]
                rows = rows.astype(object).where(rows.notna(), None)
                connection.execute(f"insert into analytics.{table} by name select * from rows")
        return file


def classifier_tables(table: pd.DataFrame, settings: churn.Settings) -> dict[str, pd.DataFrame]:
    """Run the classifier on a panel and name the results as the marts do."""
    snapshots = pa.Table.from_pandas(table, preserve_index=False)
    today = pa.Table.from_pandas(table[table.snapshot_date == table.snapshot_date.max()])
    made = churn.run(snapshots, today, BANDS, settings)
    names = {
        "runs": "ml_model_runs",
        "metrics": "ml_model_metrics",
        "candidates": "ml_model_candidates",
        "curves": "ml_model_curves",
        "importance": "ml_feature_importance",
        "calibration": "ml_calibration",
    }
    tables = _named(made, names)
    tables["ml_model_runs"] = tables["ml_model_runs"].assign(as_of_date=AS_OF, is_current=True)
    return tables


def stays(n: int, seed: int) -> pd.DataFrame:
    """Days that households stayed after day 90; a better score and a higher plan make them stay longer."""
    rng = np.random.default_rng(seed)
    plan = rng.choice(3, n, p=[0.55, 0.35, 0.10])
    health, members = rng.normal(65, 15, n).clip(0, 100), rng.integers(1, 6, n)
    hazard = np.exp(-0.03 * (health - 65) - 0.6 * plan - 0.1 * members) / 400
    days, ends = np.ceil(rng.exponential(1 / hazard)), rng.integers(1, 640, n)
    return pd.DataFrame(
        {
            "household_id": [f"h{i:04}" for i in range(n)],
            "days_observed": np.minimum(days, ends),
            "has_churned": days <= ends,
            "is_later_cohort": np.arange(n) >= 0.7 * n,
            "plan_at_day_90": np.array(["Free", "Premium", "Enterprise"])[plan],
            "avg_health_score_first_90d": health,
            "initial_members_count": members,
            "initial_pets_count": rng.integers(1, 4, n),
            "premium_features_adopted_first_30d": rng.integers(0, 5, n),
        }
    )


def survival_tables(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Run the survival analysis and name the results as the marts do."""
    made = survival.run(pa.Table.from_pandas(table), pa.Table.from_pandas(table[~table.has_churned]))
    return _named(made, {name: f"ml_survival_{name}" for name in ("summary", "fit", "curves", "predictions")})


def _named(made: dict[str, pd.DataFrame], names: dict[str, str]) -> dict[str, pd.DataFrame]:
    return {to: made[name].rename(columns=RENAMED.get(to, {})) for name, to in names.items()}
