"""Permutation importance on test rows: the loss of ranking when a feature is shuffled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .bootstrap import household_weights, interval, sum_by_household, weighted_sums
from .calibrate import CalibratedModel
from .config import Settings
from .metrics import RANK_BINS, score_groups
from .rank_metrics import roc_auc
from .split import sample_households
from .table import Snapshots

COLUMNS = ["feature", "importance", "ci_low", "ci_high", "repeats", "n", "positives"]
REPLICATES = 200


def permutation_importance(model: CalibratedModel, test: Snapshots, settings: Settings) -> pd.DataFrame:
    """Return the mean drop of the AUC over repeats of shuffling a feature, largest first.

    Shuffled among at most ``importance_rows`` rows of whole households (seeded sample); n and positives
    count those rows. The interval is of a bootstrap over households, replicates averaged over the repeats,
    with scores in at most 2,000 bins. Source: Breiman (2001), Fisher, Rudin and Dominici (2019).
    """
    rows = sample_households(test.household, settings.importance_rows, settings.seed)
    data = test.take(np.flatnonzero(rows))
    _, household = np.unique(data.household, return_inverse=True)
    weights = household_weights(household.max() + 1, REPLICATES, settings.seed)
    weights = np.column_stack([np.ones(len(weights), dtype=np.uint8), weights])
    encoded = model.encode(data.features)
    whole = _aucs(model.predict_encoded(encoded), data.label, household, weights)
    found = []
    for position, feature in enumerate(encoded.columns):
        rng = np.random.default_rng([settings.seed, position])
        drops = [
            whole - _aucs(_shuffled(model, encoded, feature, rng), data.label, household, weights)
            for _ in range(settings.importance_repeats)
        ]
        drop = np.mean(drops, axis=0)
        low, high = interval(drop[1:], settings.confidence)
        found.append((feature, float(drop[0]), low, high, len(drops), len(data), int(data.label.sum())))
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def _shuffled(
    model: CalibratedModel, encoded: pd.DataFrame, feature: str, rng: np.random.Generator
) -> np.ndarray:
    order = rng.permutation(len(encoded))
    column = encoded[feature].take(order).set_axis(encoded.index)
    return model.predict_encoded(encoded.assign(**{feature: column}))


def _aucs(
    probability: np.ndarray, label: np.ndarray, household: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Return the AUC by column of weights, shape (replicates,)."""
    bins = score_groups(probability, RANK_BINS)
    size = int(bins.max()) + 1
    row_of = bins + size * (label == 0)
    counts = sum_by_household(row_of, household, np.ones(len(bins)), (2 * size, len(weights)))
    return np.concatenate(
        [roc_auc(some[:, :size], some[:, size:]) for some in weighted_sums(counts, weights)]
    )
