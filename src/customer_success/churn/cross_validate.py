"""Cross-validate candidates on a table without time: stratified folds of households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .bootstrap import household_weights
from .calibrate import cross_fit
from .calibration_table import calibration_table
from .candidates import build_candidates
from .config import ChurnSpec, RiskBands, Settings
from .evaluate import METRIC_COLUMNS
from .fit import calibrator_of, out_of_fold_log_odds
from .metrics import Sample, metric_table
from .split import household_folds
from .table import Snapshots, Table, read_table
from .threads import suitable_threads


@dataclass(frozen=True)
class CrossValidation:
    """``metrics``: a row per candidate, population and metric, split "cross_validation". ``calibration``: of
    the primary candidate. ``predictions``: id, fold, label and a column of probabilities per candidate."""

    metrics: pd.DataFrame
    calibration: pd.DataFrame
    predictions: pd.DataFrame


def cross_validate(
    table: Table | Snapshots, spec: ChurnSpec, bands: RiskBands, settings: Settings | None = None
) -> CrossValidation:
    """Predict each row from the other folds' households, candidate by candidate, and measure the predictions.

    For tables of one moment, where no split by time is possible; it does not measure predictions of the
    future. All rows of a household are in one fold, and churned households are distributed evenly. A row's
    probability comes from a model and a calibrator learned without its fold (the calibrator on the
    out-of-fold log-odds of the others). Every candidate is fitted on all rows: ``training_rows`` and
    ``documents_rows`` do not apply.

    Raises ValueError where the table cannot be read, or where either class has fewer households than folds.
    """
    settings = settings or Settings()
    data = read_table(table, spec)
    _reject_one_class(data, spec, settings.folds)
    fold = household_folds(data.household, data.label, settings.folds, settings.seed)
    weights = household_weights(len(data.ids), settings.bootstrap, settings.seed)
    predictions = pd.DataFrame({spec.id: data.ids[data.household], "fold": fold, "label": data.label})
    measured = []
    for name, pipeline in build_candidates(spec, settings, list(data.features)).items():
        with suitable_threads(len(data)):
            log_odds = out_of_fold_log_odds(pipeline, data, fold)
        probability = cross_fit(calibrator_of(name, settings), log_odds, data.label, fold)
        predictions[name] = probability
        sample = Sample(probability, data.label, data.household, data.activity, data.days_to_left)
        table_of_metrics = metric_table(sample, weights, bands, settings)
        measured.append(table_of_metrics.assign(candidate=name, split="cross_validation")[METRIC_COLUMNS])
    primary = Sample(predictions[settings.primary].to_numpy(), data.label, data.household)
    return CrossValidation(
        metrics=pd.concat(measured, ignore_index=True),
        calibration=calibration_table(primary, settings.bins, settings.confidence),
        predictions=predictions,
    )


def _reject_one_class(data: Snapshots, spec: ChurnSpec, folds: int) -> None:
    for value, name in ((1, "positive"), (0, "negative")):
        households = len(np.unique(data.household[data.label == value]))
        if households < folds:
            raise ValueError(
                f"label column {spec.label!r}: {households} households are {name}, under {folds} folds"
            )
