"""The tables of the models as a build has them, made by running the package on simulated households."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_success.churn import RiskBands, Settings, evaluate, fit, performance_curves
from customer_success.churn.config import ChurnSpec
from customer_success.survival import (
    Covariate,
    SurvivalSpec,
    cox_fit,
    predict_remaining,
    survival_curves,
)

AS_OF = date(2026, 6, 30)
RUN = "run_1"
STAYS = SurvivalSpec(
    "household_id",
    "days",
    "churned",
    (
        Covariate("plan_at_day_90", "Free"),
        Covariate("avg_health_score_first_90d"),
        Covariate("initial_members_count"),
        Covariate("initial_pets_count"),
    ),
    group="plan_at_day_90",
)

TABLES = """
create schema analytics; create schema build;
create table build.parameters (as_of_date date);
create table analytics.dim_households (household_id varchar, is_active boolean, is_synthetic boolean);
create table analytics.ml_model_runs (
    model_run_id varchar, as_of_date date, selected_model varchar, status varchar, reason varchar,
    train_from date, train_to date, test_from date, test_to date, n_train bigint, n_test bigint,
    positives_train bigint, positives_test bigint);
create table analytics.ml_model_metrics (
    model_run_id varchar, model varchar, split varchar, metric varchar, value double, ci_low double,
    ci_high double, n bigint, positives bigint, population varchar, training_note varchar);
create table analytics.ml_model_curves (
    model_run_id varchar, model varchar, curve varchar, population varchar, x double, y double,
    ci_low double, ci_high double);
create table analytics.ml_feature_importance (
    model_run_id varchar, feature varchar, importance double, ci_low double, ci_high double,
    importance_rank bigint);
create table analytics.ml_calibration (
    model_run_id varchar, model varchar, bin bigint, mean_predicted double, observed_rate double, n bigint,
    ci_low double, ci_high double);
create table analytics.ml_survival_summary (
    covariate varchar, hazard_ratio double, ci_low double, ci_high double, p_value double, n bigint,
    events bigint, ph_test_p double, ph_action varchar, note varchar);
create table analytics.ml_survival_fit (
    n bigint, events bigint, concordance_in_sample double, concordance_later_cohort double,
    log_likelihood_ratio_p double, aic double, ties_method varchar, status varchar, reason varchar);
create table analytics.ml_survival_curves (
    plan_type varchar, day double, survival double, ci_low double, ci_high double, at_risk bigint,
    log_rank_p_value double);
create table analytics.ml_survival_predictions (
    household_id varchar, median_days_remaining double, survival_30d double, survival_90d double,
    survival_365d double);
"""


@dataclass
class Models:
    """The rows of a made-up build by table; a table that is left out is empty."""

    rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    synthetic: bool = False

    def write(self, file: Path) -> Path:
        """Write them to a database."""
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute(TABLES)
            connection.execute("insert into build.parameters values (?)", [AS_OF])
            connection.execute(
                "insert into analytics.dim_households values ('h1', true, ?)", [self.synthetic]
            )
            for table, rows in self.rows.items():
                names = connection.execute(f"select * from analytics.{table} limit 0").df().columns
                rows = rows[[name for name in names if name in rows]]
                rows = rows.astype(object).where(rows.notna(), None)
                connection.execute(f"insert into analytics.{table} by name select * from rows")
        return file


def classifier_tables(
    table: pd.DataFrame, spec: ChurnSpec, bands: RiskBands, settings: Settings
) -> dict[str, pd.DataFrame]:
    """Fit, judge and lay out in the columns of the contract."""
    fitted = fit(table, spec, settings)
    judged = evaluate(fitted, table, bands)
    run = {"as_of_date": AS_OF, "selected_model": settings.primary}
    run |= {"status": judged.status, "reason": judged.reason}
    for part, dates, size in (
        ("train", fitted.split.train, fitted.training),
        ("test", fitted.split.test, fitted.test),
    ):
        ends = dates[[0, -1]].tolist() if len(dates) else [None, None]
        run |= {f"{part}_from": ends[0], f"{part}_to": ends[1]}
        run |= {f"n_{part}": size.rows, f"positives_{part}": size.positives}
    notes = judged.candidates.set_index("candidate").training_note
    found = {
        "ml_model_runs": pd.DataFrame([run]),
        "ml_model_metrics": judged.metrics.assign(training_note=judged.metrics.candidate.map(notes)),
        "ml_model_curves": performance_curves(fitted, table),
        "ml_feature_importance": judged.importance.assign(
            importance_rank=np.arange(1, len(judged.importance) + 1)
        ),
        "ml_calibration": judged.calibration.assign(model=settings.primary).rename(
            columns={"observed": "observed_rate"}
        ),
    }
    return {
        name: rows.rename(columns={"candidate": "model"}).assign(model_run_id=RUN)
        for name, rows in found.items()
    }


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
            "days": np.minimum(days, ends),
            "churned": days <= ends,
            "plan_at_day_90": np.array(["Free", "Premium", "Enterprise"])[plan],
            "avg_health_score_first_90d": health,
            "initial_members_count": members,
            "initial_pets_count": rng.integers(1, 4, n),
        }
    )


def survival_tables(table: pd.DataFrame, later: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Fit Cox and Kaplan-Meier, predict what remains, and lay out in the columns of the contract."""
    found, curves = cox_fit(table, STAYS, later), survival_curves(table, STAYS)
    fit_names = {
        "concordance": "concordance_in_sample",
        "later_concordance": "concordance_later_cohort",
        "likelihood_ratio_p": "log_likelihood_ratio_p",
        "ties": "ties_method",
    }
    return {
        "ml_survival_summary": found.summary.rename(columns={"ph_p_value": "ph_test_p"}),
        "ml_survival_fit": found.fit.rename(columns=fit_names),
        "ml_survival_curves": curves.curves.rename(columns={"group": "plan_type"}).assign(
            log_rank_p_value=curves.log_rank.p_value[0]
        ),
        "ml_survival_predictions": predict_remaining(found, table[~table.churned], STAYS),
    }
