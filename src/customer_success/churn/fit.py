"""Fit the candidates on the training snapshots, calibrated by out-of-fold predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from .calibrate import CalibratedModel, IsotonicCalibrator, NoCalibration, SigmoidCalibrator, cross_fit
from .candidates import build_candidates
from .config import ACTIVITY_ALONE, BASE_RATE, DOCUMENTS_SETTINGS, ChurnSpec, Settings
from .features import FeatureEncoder, reference_values
from .split import TimeSplit, household_folds, sample_households, split_by_time
from .table import Snapshots, Table, read_table
from .threads import suitable_threads


@dataclass(frozen=True)
class FittedCandidate:
    """A candidate, with its out-of-fold predictions for its training rows.

    ``rows``: positions among the rows of the training snapshots, shape (m,). ``probability``: (m,), each
    by a model and a calibrator that had not seen the row's household. ``training_note`` notes where the
    candidate was fitted on a sample of the training households.
    """

    model: CalibratedModel
    rows: np.ndarray
    probability: np.ndarray
    training_note: str | None


@dataclass(frozen=True)
class Size:
    """The size of training or test: rows, positive rows, households, churned households."""

    rows: int
    positives: int
    households: int
    churned: int


@dataclass(frozen=True)
class Fitted:
    """The fitted candidates by name; ``abstention`` is the reason where there are none.

    ``training`` and ``test`` count the rows for training and test, also where nothing was fitted.
    ``base_rate`` is the share of positive rows in training, NaN where nothing was fitted.
    """

    spec: ChurnSpec
    settings: Settings
    split: TimeSplit
    training: Size
    test: Size
    candidates: dict[str, FittedCandidate]
    notes: tuple[str, ...]
    base_rate: float
    abstention: str | None


def fit(table: Table | Snapshots, spec: ChurnSpec, settings: Settings | None = None) -> Fitted:
    """Fit every candidate on the training snapshots of a table.

    The last snapshots are left for ``evaluate``; of them only the churned households are counted here. Where
    there are too few snapshots or churned households on either side, nothing is fitted and ``abstention``
    gives the reason. A candidate other than the primary that cannot be fitted is left out with a note.

    Raises ValueError naming the column where the table cannot be read (``table.read_table``), or where the
    spec names no snapshot date (``cross_validate`` measures such a table).
    """
    settings = settings or Settings()
    if spec.snapshot_date is None:
        raise ValueError("a split by time needs spec.snapshot_date; use cross_validate for a table without")
    data = read_table(table, spec)
    split = split_by_time(data.date, settings.test_snapshots, settings.label_delay_days)
    training = data.take(np.isin(data.date, split.train))
    sizes = _size(training), _size(data.take(np.isin(data.date, split.test)))
    abstention = _abstention(training, *sizes, split, settings)
    if abstention:
        return Fitted(spec, settings, split, *sizes, {}, (), float("nan"), abstention)
    candidates, notes = {}, []
    for name, pipeline in build_candidates(spec, settings, list(data.features)).items():
        rows = _training_rows(name, training, settings)
        lacking = _lacking(name, training.take(rows), spec, settings)
        if lacking is None:
            with suitable_threads(len(rows)):
                candidates[name] = _fit_candidate(name, pipeline, training, rows, settings)
        else:
            notes.append(f"{name}: not fitted, {lacking}")
    if settings.primary not in candidates:
        return Fitted(spec, settings, split, *sizes, {}, tuple(notes), float("nan"), "; ".join(notes))
    notes += candidates[settings.primary].model.pipeline[0].notes()
    base_rate = float(training.label.mean())
    return Fitted(spec, settings, split, *sizes, candidates, tuple(notes), base_rate, None)


def abstained(table: Table | Snapshots, spec: ChurnSpec, settings: Settings, reason: str) -> Fitted:
    """Return the result of ``fit`` where nothing may be fitted, with the given reason."""
    data = read_table(table, spec)
    split = split_by_time(data.date, settings.test_snapshots, settings.label_delay_days)
    sizes = [_size(data.take(np.isin(data.date, dates))) for dates in (split.train, split.test)]
    return Fitted(spec, settings, split, *sizes, {}, (), float("nan"), reason)


def out_of_fold_log_odds(pipeline: Pipeline, data: Snapshots, fold: np.ndarray) -> np.ndarray:
    """Return the log-odds of each row, shape (n,), by a copy of the pipeline fitted on the other folds."""
    log_odds = np.empty(len(data))
    for held_out in np.unique(fold):
        rest = fold != held_out
        model = clone(pipeline).fit(data.features[rest], data.label[rest])
        log_odds[~rest] = model.decision_function(data.features[~rest])
    return log_odds


def calibrator_of(name: str, settings: Settings) -> type:
    """Return the class that calibrates a candidate."""
    if name == BASE_RATE:
        return NoCalibration
    return SigmoidCalibrator if settings.calibration == "sigmoid" else IsotonicCalibrator


def _size(data: Snapshots) -> Size:
    households = len(np.unique(data.household))
    return Size(len(data), int(data.label.sum()), households, data.churned_households())


def _abstention(
    training: Snapshots, learned: Size, tested: Size, split: TimeSplit, settings: Settings
) -> str | None:
    """Return what is missing for training and testing a model; None where nothing is."""
    if not len(split.test):
        return f"too few snapshots: {settings.test_snapshots} for the test leave none for training"
    if not len(split.train):
        return (
            f"no training snapshot: none lies {settings.label_delay_days} days before the first test snapshot"
        )
    if learned.churned < settings.min_churned_training:
        return f"{learned.churned} churned households in training, under {settings.min_churned_training}"
    if tested.churned < settings.min_churned_test:
        return f"{tested.churned} churned households in test, under {settings.min_churned_test}"
    if not FeatureEncoder().fit(training.features).columns_:
        return "no feature varies in training"
    return None


def _training_rows(name: str, training: Snapshots, settings: Settings) -> np.ndarray:
    """Return the positions of the rows that a candidate is fitted on."""
    most = settings.documents_rows if name == DOCUMENTS_SETTINGS else settings.training_rows
    return np.flatnonzero(sample_households(training.household, most, settings.seed))


def _lacking(name: str, data: Snapshots, spec: ChurnSpec, settings: Settings) -> str | None:
    """Return why a candidate cannot be fitted on these rows."""
    if data.churned_households() < settings.min_churned_training:
        return (
            f"its sample of {len(data):,} rows has under {settings.min_churned_training} churned households"
        )
    if len(np.unique(data.household[data.label == 0])) < settings.folds:
        return "hardly any household stayed"
    if name == ACTIVITY_ALONE and data.features[spec.activity].isna().all():
        return f"{spec.activity!r} is unknown throughout"
    return None


def _fit_candidate(
    name: str, pipeline: Pipeline, training: Snapshots, rows: np.ndarray, settings: Settings
) -> FittedCandidate:
    """Fit on all of the candidate's rows; learn the calibrator from out-of-fold log-odds of the same rows."""
    data = training.take(rows)
    fold = household_folds(data.household, data.label, settings.folds, settings.seed)
    log_odds = out_of_fold_log_odds(pipeline, data, fold)
    make = calibrator_of(name, settings)
    pipeline.fit(data.features, data.label)
    reference = reference_values(pipeline[0].transform(data.features))
    return FittedCandidate(
        model=CalibratedModel(name, pipeline, make().fit(log_odds, data.label), reference),
        rows=rows,
        probability=cross_fit(make, log_odds, data.label, fold),
        training_note=_sample_note(data, training) if len(rows) < len(training) else None,
    )


def _sample_note(data: Snapshots, training: Snapshots) -> str:
    some, every = len(np.unique(data.household)), len(np.unique(training.household))
    rows = f"{len(data):,} of {len(training):,} rows"
    return f"fitted on a seeded sample of {some:,} of {every:,} households ({rows})"
