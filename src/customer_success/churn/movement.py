"""Changes of the predictions since an earlier date, by the model of today."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from customer_success.statistics.intervals import wilson_limits

from .calibrate import CalibratedModel
from .config import ChurnSpec, RiskBands, Settings
from .table import Snapshots, Table, read_table

COLUMNS = ["previous_probability", "previous_scored_as_of", "changed_by"]
LIVE = "live"


def movement(
    model: CalibratedModel | None,
    earlier: Table | None,
    customers: Table,
    spec: ChurnSpec,
    settings: Settings,
) -> pd.DataFrame:
    """Return a row per household of ``customers`` that is in ``earlier`` too, sorted by id.

    Both tables hold the model's features, ``earlier`` also its one snapshot date. The same model scores both,
    so a difference comes from the household, never from a new fit. Columns: the id, ``COLUMNS``.

    changed_by: the feature that moved the probability most in the direction in which it went, None where it
    went less than ``settings.least_change``. A feature's effect is what replacing it alone changes, the mean
    of replacing it first and of replacing it last (the Shapley value of two orders, one the other reversed:
    Castro, Gomez and Tejada 2009). Raises ValueError where ``read_table`` does, or ``earlier`` is of several
    dates.
    """
    if model is None or earlier is None or not len(earlier) or not len(customers):
        return pd.DataFrame(columns=[spec.id, *COLUMNS])
    then, now = (_read(model, table, spec) for table in (earlier, customers))
    date = _date_of(earlier, spec)
    both = np.intersect1d(then.ids, now.ids)
    before, after = (model.encode(_features(data, both)) for data in (then, now))
    probability = model.predict_encoded(before)
    change = model.predict_encoded(after) - probability
    return pd.DataFrame(
        {
            spec.id: both,
            "previous_probability": probability,
            "previous_scored_as_of": date,
            "changed_by": _largest(model, before, after, change, settings.least_change),
        }
    )


def stability(predictions: pd.DataFrame, bands: RiskBands, settings: Settings) -> pd.DataFrame:
    """Return the row of metric segment_stability (columns of ``Evaluation.metrics``); none without a past.

    The share of the customers scored on both dates whose segment has not changed, with Wilson's
    interval. n: customers scored on both, positives: of those the unchanged, note: the others and the date.
    """
    scored = predictions.dropna(subset=["previous_probability"])
    if scored.empty:
        return pd.DataFrame()
    before = bands.segments(scored["previous_probability"].to_numpy(dtype=float))
    same = int((before == scored["churn_risk_segment"].to_numpy()).sum())
    low, high = wilson_limits(np.array([same]), np.array([len(scored)]), settings.confidence)
    unknown, since = len(predictions) - len(scored), scored["previous_scored_as_of"].iat[0]
    row = {"candidate": settings.primary, "split": LIVE, "population": "all", "metric": "segment_stability"}
    row |= {"value": same / len(scored), "ci_low": low[0], "ci_high": high[0]}
    row |= {"n": len(scored), "positives": same, "note": f"since {since}; {unknown} unknown: not scored then"}
    return pd.DataFrame([row])


def _read(model: CalibratedModel, table: Table, spec: ChurnSpec) -> Snapshots:
    features = tuple(model.pipeline[0].columns_)
    plain = replace(spec, features=features, snapshot_date=None, activity=None, days_to_left=None)
    return read_table(table, plain, labelled=False)


def _date_of(earlier: Table, spec: ChurnSpec) -> str:
    frame = earlier if isinstance(earlier, pd.DataFrame) else earlier.select([spec.snapshot_date]).to_pandas()
    dates = pd.to_datetime(frame[spec.snapshot_date]).dt.date.unique()
    if len(dates) != 1:
        raise ValueError(f"the earlier table is of {len(dates)} dates, not of one")
    return str(dates[0])


def _features(data: Snapshots, ids: np.ndarray) -> pd.DataFrame:
    """Return the features of these households, in the order of ``ids``; read_table sorts by household."""
    rows = np.searchsorted(data.ids[data.household], ids)
    return data.features.take(rows).reset_index(drop=True)


def _largest(
    model: CalibratedModel, before: pd.DataFrame, after: pd.DataFrame, change: np.ndarray, least: float
) -> list[str | None]:
    rows = np.flatnonzero(np.abs(change) >= least)
    before, after = (part.take(rows).reset_index(drop=True) for part in (before, after))
    effects = np.zeros(before.shape)
    if len(rows):
        start, end = model.predict_encoded(before), model.predict_encoded(after)
        for j, name in enumerate(before.columns):
            first = model.predict_encoded(before.assign(**{name: after[name]})) - start
            last = end - model.predict_encoded(after.assign(**{name: before[name]}))
            effects[:, j] = (first + last) / 2
    along = effects * np.sign(change[rows])[:, None]
    names: list[str | None] = [None] * len(change)
    for row, effect in zip(rows, along, strict=True):
        if effect.max() > 0:
            names[row] = str(before.columns[int(effect.argmax())])
    return names
