"""Drivers of a household: the features that move its probability most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .calibrate import CalibratedModel


def top_drivers(model: CalibratedModel, features: pd.DataFrame, count: int) -> list[list[dict[str, object]]]:
    """Return up to ``count`` drivers for each row of ``features``, largest effect first.

    One-at-a-time replacement: a feature is set to its reference, the median or most frequent category of the
    training rows, all others staying as they are. The effect is the calibrated probability minus the one
    after replacement: positive where the household's own value raises its risk. Effects are exact, do not
    add up to the probability, and show no causes. Features without effect are left out.

    A driver is a dict: feature; value (number, text or None where unknown); direction, "raises" or "lowers";
    effect, in probability.
    """
    encoded = model.encode(features).reset_index(drop=True)
    effects = replacement_effects(model, encoded)
    ranked = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :count]
    names = list(encoded.columns)
    values = {name: _plain_values(features[name]) for name in names}
    return [
        [
            {
                "feature": names[j],
                "value": values[names[j]][i],
                "direction": "raises" if effects[i, j] > 0 else "lowers",
                "effect": float(effects[i, j]),
            }
            for j in order
            if effects[i, j] != 0
        ]
        for i, order in enumerate(ranked)
    ]


def replacement_effects(model: CalibratedModel, encoded: pd.DataFrame) -> np.ndarray:
    """Return the change of probability by row and encoded feature, shape (n, features)."""
    own = model.predict_encoded(encoded)
    effects = np.zeros(encoded.shape)
    for j, (name, values) in enumerate(encoded.items()):
        differs = np.flatnonzero((values != model.reference[name]).to_numpy())
        if len(differs):
            replaced = encoded.take(differs)
            constant = pd.Series(model.reference[name], index=replaced.index).astype(values.dtype)
            effects[differs, j] = own[differs] - model.predict_encoded(replaced.assign(**{name: constant}))
    return effects


def _plain_values(values: pd.Series) -> list[object]:
    """Return Python values, None where missing."""
    missing = values.isna().to_numpy()
    return [None if gone else value for value, gone in zip(values.tolist(), missing, strict=True)]
