"""Predicted and observed rates of churn by bin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_success.statistics.intervals import wilson_limits

from .metrics import Sample, score_groups

COLUMNS = [
    "bin",
    "lowest",
    "highest",
    "mean_predicted",
    "observed",
    "n",
    "households",
    "positives",
    "ci_low",
    "ci_high",
]


def calibration_table(sample: Sample, bins: int, confidence: float) -> pd.DataFrame:
    """Return a row per bin of about equal size, lowest probabilities first; equal probabilities share one.

    ``observed`` is the share of positive rows; its interval is Wilson's with the number of distinct
    households in place of the rows: wide enough even if all rows of a household are equal.
    """
    group = score_groups(sample.probability, bins) if len(sample.label) else np.empty(0, dtype=int)
    rows = []
    for number in range(group.max(initial=-1) + 1):
        part = sample.take(group == number)
        rows.append(
            {
                "bin": number + 1,
                "lowest": float(part.probability.min()),
                "highest": float(part.probability.max()),
                "mean_predicted": float(part.probability.mean()),
                "observed": float(part.label.mean()),
                "n": len(part.label),
                "households": len(np.unique(part.household)),
                "positives": int(part.label.sum()),
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    observed, households = table["observed"].to_numpy(float), table["households"].to_numpy(float)
    table["ci_low"], table["ci_high"] = wilson_limits(observed * households, households, confidence)
    return table


def interval_width(calibration: pd.DataFrame, probability: np.ndarray) -> np.ndarray:
    """Return the width of the observed rate's interval in the bin of each probability, shape (n,).

    A probability between or beyond bins belongs to the next higher one, or else to the highest. NaN for
    an empty table.
    """
    if calibration.empty:
        return np.full(len(probability), np.nan)
    highest, low, high = (calibration[name].to_numpy(float) for name in ("highest", "ci_low", "ci_high"))
    place, width = np.searchsorted(highest, probability, side="left"), high - low
    return width[np.minimum(place, len(width) - 1)]
