"""Predictions for the customers of today, by the object that was evaluated."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from .calibrate import CalibratedModel
from .config import ChurnSpec, RiskBands
from .drivers import top_drivers
from .table import Table, read_table

COLUMNS = ["churn_probability", "churn_risk_segment", "top_drivers"]


def score(
    model: CalibratedModel | None, table: Table, spec: ChurnSpec, bands: RiskBands, drivers: int = 3
) -> pd.DataFrame:
    """Return a row per household of ``table``, sorted by id; no rows without a model: the run has no skill.

    ``model`` is that of the evaluation, ``drivers`` how many are named at most. Columns: the id (named as in
    the spec), churn_probability, churn_risk_segment, top_drivers (a list of dicts, see
    ``drivers.top_drivers``). The label, the snapshot date and columns unknown to the model are
    ignored. Raises ValueError naming the column: a household twice, or a feature missing, infinite or
    of another kind than in training.
    """
    if model is None or not len(table):
        return pd.DataFrame(columns=[spec.id, *COLUMNS])
    features = tuple(model.pipeline[0].columns_)
    plain = replace(spec, features=features, snapshot_date=None, activity=None)
    data = read_table(table, plain, labelled=False)
    probability = model.predict(data.features)
    return pd.DataFrame(
        {
            spec.id: data.ids[data.household],
            "churn_probability": probability,
            "churn_risk_segment": bands.segments(probability),
            "top_drivers": top_drivers(model, data.features, drivers),
        }
    )
