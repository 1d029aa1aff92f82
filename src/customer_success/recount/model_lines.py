"""Checks the classifier's run on the data where fitting all of it again would cost too much.

The uncalibrated model alone is fitted on all rows; published log-odds must be one rising line of its own.
A sample of households shows that the calibrator does not use test labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import logit
from sklearn.pipeline import Pipeline

from customer_success.churn import SNAPSHOTS, Settings, read_table
from customer_success.churn.candidates import build_candidates
from customer_success.churn.split import sample_households
from customer_success.churn.table import Snapshots
from customer_success.churn.threads import suitable_threads

from .model_fit import CLOSE, Inputs, fitted, shuffled, test_rows, wrong_evaluation

SHOWN_ROWS = 6_000


def wrong_lines(tables: Mapping[str, list[dict]], inputs: Inputs, data: Snapshots) -> list[str]:
    """Compare predictions with the uncalibrated model: their log-odds are a rising line of its log-odds."""
    settings = inputs.settings
    pipeline = _pipeline(data, settings)
    customers = read_table(
        inputs.customers,
        replace(SNAPSHOTS, features=tuple(pipeline[0].columns_), snapshot_date=None, activity=None),
        labelled=False,
    )
    own = dict(zip(customers.ids[customers.household], _log_odds(pipeline, customers.features), strict=True))
    theirs = {row["household_id"]: row["churn_probability"] for row in tables["predictions"]}
    if own.keys() != theirs.keys():
        return [f"There are {len(theirs)} predictions for {len(own)} customers of today."]
    names = sorted(own)
    x = np.array([own[name] for name in names])
    y = logit(np.array([theirs[name] for name in names]))
    slope, intercept = np.polyfit(x, y, 1)
    away = np.abs(slope * x + intercept - y)
    if slope < 0 or away.max() > 1e-6:
        worst = names[int(away.argmax())]
        return [
            f"The prediction of household {worst} is {theirs[worst]:.6f}, which the model fitted on this"
            " build's snapshots does not give with its features of today, under any calibration."
        ]

    def predict(features: pd.DataFrame) -> np.ndarray:
        return 1 / (1 + np.exp(-(slope * _log_odds(pipeline, features) + intercept)))

    return wrong_evaluation(tables, predict, data, settings)


def _pipeline(data: Snapshots, settings: Settings) -> Pipeline:
    """Fit the primary candidate without calibration on the training rows of a run."""
    dates = np.unique(data.date)
    first_test = dates[-settings.test_snapshots]
    known = data.date + np.timedelta64(settings.label_delay_days, "D") <= first_test
    training = data.take(known)
    training = training.take(sample_households(training.household, settings.training_rows, settings.seed))
    pipeline = build_candidates(SNAPSHOTS, settings, list(data.features))[settings.primary]
    with suitable_threads(len(training)):
        return pipeline.fit(training.features, training.label)


def _log_odds(pipeline: Pipeline, features: pd.DataFrame) -> np.ndarray:
    with suitable_threads(len(features)):
        return pipeline.decision_function(features)


def sees_labels_in_sample(snapshots: pa.Table, settings: Settings) -> list[str]:
    """Fit twice on a sample of households, with true and with shuffled labels of test rows."""
    households = snapshots["household_id"].to_pandas().to_numpy()
    some = sample_households(households, SHOWN_ROWS, settings.seed)
    sample = snapshots.filter(pa.array(some))
    blind = replace(settings, min_churned_training=1)
    models = [fitted(table, blind) for table in (sample, shuffled(sample, blind))]
    if None in models:
        return [f"A sample of {sample.num_rows} rows cannot show that the calibrator sees no test labels."]
    features = test_rows(read_table(sample, SNAPSHOTS), settings).features
    if np.allclose(models[0].predict(features), models[1].predict(features), rtol=0, atol=CLOSE):
        return []
    return [
        "The model or its calibrator sees the labels of test rows: shuffled they give other probabilities."
    ]
