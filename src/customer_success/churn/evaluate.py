"""Evaluate the fitted candidates on the test snapshots, and decide whether the run may predict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import calibration_table as calibration
from . import importance, metrics
from .bootstrap import household_weights
from .calibrate import CalibratedModel
from .config import RiskBands, Settings
from .fit import Fitted
from .metrics import Sample
from .table import Snapshots, Table, read_table

SKILLED = "skilled"
NO_SKILL = "no_skill"
METRIC_COLUMNS = ["candidate", "split", "population", *metrics.COLUMNS]
CANDIDATE_COLUMNS = ["candidate", "training_rows", "training_households", "training_churned", "training_note"]


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of a run.

    ``status`` is "skilled" or "no_skill", ``reason`` says why. ``model`` is the object that was evaluated,
    None without skill. ``metrics``: a row per candidate, split (``train_oof``, ``test``), population and
    metric. ``calibration`` and ``importance``: of the primary candidate on test. ``candidates``: what each
    was fitted on. Tables are empty where nothing was fitted, ``importance`` also without skill.
    """

    status: str
    reason: str | None
    model: CalibratedModel | None
    settings: Settings
    metrics: pd.DataFrame
    calibration: pd.DataFrame
    importance: pd.DataFrame
    candidates: pd.DataFrame
    notes: tuple[str, ...]


def evaluate(fitted: Fitted, table: Table | Snapshots, bands: RiskBands) -> Evaluation:
    """Evaluate fitted candidates on the test snapshots of the table they were fitted on.

    Without skill, hence without a model to score with, is a run that fitted nothing, whose primary
    candidate's interval of the test AUC reaches .5, or whose Brier score is not below that of the training
    base rate. Raises ValueError where the table cannot be read, or holds none of the test snapshots.
    """
    settings, primary = fitted.settings, fitted.settings.primary
    if fitted.abstention:
        return _without_models(fitted)
    data = read_table(table, fitted.spec)
    training = data.take(np.isin(data.date, fitted.split.train))
    predicted = predict_test(fitted, data)
    mine = predicted[primary]
    weights = household_weights(len(data.ids), settings.bootstrap, settings.seed)
    measured = [
        _labelled(metrics.metric_table(sample, weights, bands, settings), name, "test")
        for name, sample in predicted.items()
    ]
    measured += [_training_metrics(name, fitted, training, weights, bands) for name in fitted.candidates]
    table_of_metrics = pd.concat(measured, ignore_index=True)
    reason = abstention(table_of_metrics, primary, brier_of_rate(fitted.base_rate, mine.label))
    model = fitted.candidates[primary].model
    return Evaluation(
        status=NO_SKILL if reason else SKILLED,
        reason=reason,
        model=None if reason else model,
        settings=settings,
        metrics=table_of_metrics,
        calibration=calibration.calibration_table(mine, settings.bins, settings.confidence),
        importance=_importance(None if reason else model, _test_rows(fitted, data), settings),
        candidates=_candidates(fitted, training),
        notes=fitted.notes,
    )


def predict_test(fitted: Fitted, data: Snapshots) -> dict[str, Sample]:
    """Return the predictions of each candidate for the test rows of ``data``, by name.

    Raises ValueError where there are none.
    """
    test = _test_rows(fitted, data)
    if not len(test):
        raise ValueError("the table holds none of the test snapshots")
    return {name: _sample(test, one.model.predict(test.features)) for name, one in fitted.candidates.items()}


def abstention(table: pd.DataFrame, primary: str, base_rate_brier: float) -> str | None:
    """Return why the primary candidate's test metrics (all customers) show no skill; None with skill."""
    mine = table[(table.candidate == primary) & (table.split == "test") & (table.population == "all")]
    mine = mine.set_index("metric")
    low, brier = mine.loc["roc_auc", "ci_low"], mine.loc["brier", "value"]
    if not low > 0.5:
        auc, high = mine.loc["roc_auc", "value"], mine.loc["roc_auc", "ci_high"]
        return f"the interval of the test AUC reaches .5: {auc:.3f} ({low:.3f} to {high:.3f})"
    if not brier < base_rate_brier:
        return (
            f"the Brier score on test, {brier:.5f}, is no better than the base rate's, {base_rate_brier:.5f}"
        )
    return None


def brier_of_rate(rate: float, label: np.ndarray) -> float:
    """Return the Brier score of one rate for all rows."""
    return float(np.mean((rate - label) ** 2))


def _importance(model: CalibratedModel | None, test: Snapshots | None, settings: Settings) -> pd.DataFrame:
    """Return the importance of features; no rows without skill, as there is none to be lost."""
    if model is None:
        return pd.DataFrame(columns=importance.COLUMNS)
    return importance.permutation_importance(model, test, settings)


def _without_models(fitted: Fitted) -> Evaluation:
    return Evaluation(
        status=NO_SKILL,
        reason=fitted.abstention,
        model=None,
        settings=fitted.settings,
        metrics=pd.DataFrame(columns=METRIC_COLUMNS),
        calibration=pd.DataFrame(columns=calibration.COLUMNS),
        importance=_importance(None, None, fitted.settings),
        candidates=pd.DataFrame(columns=CANDIDATE_COLUMNS),
        notes=fitted.notes,
    )


def _test_rows(fitted: Fitted, data: Snapshots) -> Snapshots:
    return data.take(np.isin(data.date, fitted.split.test))


def _sample(data: Snapshots, probability: np.ndarray) -> Sample:
    return Sample(probability, data.label, data.household, data.activity, data.days_to_left)


def _training_metrics(
    name: str, fitted: Fitted, training: Snapshots, weights: np.ndarray, bands: RiskBands
) -> pd.DataFrame:
    one = fitted.candidates[name]
    sample = _sample(training.take(one.rows), one.probability)
    return _labelled(metrics.metric_table(sample, weights, bands, fitted.settings), name, "train_oof")


def _labelled(table: pd.DataFrame, candidate: str, split: str) -> pd.DataFrame:
    return table.assign(candidate=candidate, split=split)[METRIC_COLUMNS]


def _candidates(fitted: Fitted, training: Snapshots) -> pd.DataFrame:
    rows = []
    for name, one in fitted.candidates.items():
        data = training.take(one.rows)
        households = len(np.unique(data.household))
        rows.append((name, len(data), households, data.churned_households(), one.training_note))
    return pd.DataFrame(rows, columns=CANDIDATE_COLUMNS)
