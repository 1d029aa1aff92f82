"""Lies about the models: the table is not the output of the run, or the run used what it may not."""

from __future__ import annotations

from ..lie import Lie, Replace

KIND = "models"
CHECK = "models of this run"
PACKAGE = "src/customer_success/churn"


def _lie(name: str, file: str, honest: str, planted: str, check: str = CHECK) -> Lie:
    return Lie(name, KIND, (Replace(file, honest, planted),), check, model=True)


LIES = [
    _lie(
        "An older prediction has today's date",
        "models/marts/churn/ml_churn_predictions.sql",
        "select *, {{ as_of_date() }} as scored_as_of\nfrom predictions",
        """select
    predictions.* replace (
        coalesce(older.churn_probability, predictions.churn_probability) as churn_probability
    ),
    {{ as_of_date() }} as scored_as_of
from predictions
left join (
    select household_id, max_by(churn_probability, scored_as_of) as churn_probability
    from {{ ledger_relation('published_predictions') }}
    group by household_id
) as older using (household_id)""",
    ),
    _lie(
        "Predictions are halved before they are shown",
        "models/marts/churn/ml_churn_predictions.sql",
        "select *, {{ as_of_date() }} as scored_as_of",
        "select * replace (churn_probability / 2 as churn_probability), {{ as_of_date() }} as scored_as_of",
    ),
    _lie(
        "The calibration table is smoothed",
        "models/marts/churn/ml_calibration.sql",
        "    observed as observed_rate,\n",
        "    mean_predicted as observed_rate,\n",
    ),
    _lie(
        "The AUC is lifted in the table of metrics",
        "models/marts/churn/ml_model_metrics.sql",
        "    'value': 'double',\n",
        "    'value': 'double + 0.02',\n",
    ),
    _lie(
        "A column that knows the outcome is added to the features",
        "models/intermediate/churn/int_churn_snapshots.sql",
        "    end as days_to_left,\n",
        "    end as days_to_left,\n    coalesce(outcomes.days_to_left, 999) as goodwill,\n",
        "assert_current_customers_have_features",
    ),
    _lie(
        "The label is leaked into the features",
        f"{PACKAGE}/table.py",
        "roles = {spec.id, spec.label, spec.snapshot_date, spec.days_to_left}",
        "roles = {spec.id, spec.snapshot_date, spec.days_to_left}",
    ),
    _lie(
        "AUC is computed on training rows",
        f"{PACKAGE}/evaluate.py",
        "return data.take(np.isin(data.date, fitted.split.test))",
        "return data.take(np.isin(data.date, fitted.split.train))",
        "assert_auc_is_computed_on_test_rows",
    ),
    _lie(
        "Split at random instead of by time",
        f"{PACKAGE}/split.py",
        "distinct = np.unique(dates)",
        "distinct = np.random.default_rng(0).permutation(np.unique(dates))",
    ),
    _lie(
        "The calibrator learns from test rows",
        f"{PACKAGE}/fit.py",
        "    training = data.take(np.isin(data.date, split.train))\n",
        "    training = data.take(np.isin(data.date, np.concatenate([split.train, split.test])))\n",
    ),
    _lie(
        "Survival starts its clock at signup",
        "models/intermediate/churn/int_survival_households.sql",
        "coalesce(first_churns.churned_at, {{ as_of_date() }}) - households.landmark_date as days_observed,",
        "coalesce(first_churns.churned_at, {{ as_of_date() }}) - households.signup_date as days_observed,",
    ),
    _lie(
        "Survival takes the plan of today",
        "models/intermediate/churn/int_survival_households.sql",
        "        and households.landmark_date >= plan_periods.valid_from\n"
        "        and households.landmark_date < {{ open_end('plan_periods.valid_until') }}\n",
        "        and plan_periods.valid_until is null\n",
    ),
]
