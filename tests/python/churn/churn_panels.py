"""Simulated households at snapshots, for the tests of the classifier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_success.churn import SNAPSHOTS, RiskBand, RiskBands, Settings

SPEC = SNAPSHOTS
BANDS = RiskBands(
    [
        RiskBand(0.15, "Low Risk", False),
        RiskBand(0.35, "Medium Risk", False),
        RiskBand(0.55, "High Risk", True),
        RiskBand(None, "Critical Risk", True),
    ]
)
FAST = Settings(
    candidates=("gradient_boosting", "logistic_regression", "days_since_last_activity", "base_rate"),
    trees=100,
    bootstrap=100,
    importance_rows=2000,
    importance_repeats=2,
)


def panel(households: int, snapshots: int, seed: int, signal: float = 1.0) -> pd.DataFrame:
    """Rows of the customers at snapshots 28 days apart; a household that leaves drops out.

    Risk rises with days since the last activity and falling usage, differs by plan, and depends on nothing
    else. ``signal`` 0 makes it the same for all households.
    """
    rng = np.random.default_rng(seed)
    shape = (households, snapshots)
    weariness = rng.normal(size=(households, 1)) + np.cumsum(rng.normal(0, 0.4, shape), axis=1)
    plan = np.repeat(rng.choice(3, size=(households, 1), p=[0.6, 0.3, 0.1]), snapshots, axis=1)
    silent = np.floor(np.exp(0.8 + 0.9 * weariness + rng.normal(0, 0.5, shape))).clip(0, 40)
    trend = np.clip(-0.3 * weariness + rng.normal(0, 0.4, shape), -1, 1)
    odds = 0.9 * (np.log1p(silent) - 1.2) - 1.2 * trend * (plan == 0) - 0.5 * plan
    chance = 1 / (1 + np.exp(3.0 - signal * odds))
    leaves = rng.random(shape) < chance
    first = np.where(leaves.any(axis=1), leaves.argmax(axis=1), snapshots)[:, None]
    position = np.arange(snapshots)[None, :]
    here = position <= first
    row, column = np.nonzero(here)
    left_after = (first - position) * 28 + rng.integers(1, 28, size=shape)
    frame = pd.DataFrame(
        {
            "household_id": [f"h{i:06d}" for i in row],
            "snapshot_date": pd.Timestamp("2025-01-05") + pd.to_timedelta(column * 28, unit="D"),
            "churned_next_30d": leaves[here],
            "days_to_left": np.where(first < snapshots, left_after, np.nan)[here],
            "days_since_last_activity": silent[here],
            "usage_trend": trend[here],
            "plan": np.array(["Free", "Premium", "Enterprise"], dtype=object)[plan[here]],
            "members": rng.integers(1, 7, size=len(row)),
            "noise": rng.normal(size=len(row)),
        }
    )
    frame["has_ticket"] = pd.array(rng.random(len(row)) < 0.2, dtype="boolean")
    frame["latest_nps"] = pd.array(rng.integers(0, 11, size=len(row)), dtype="Int64")
    frame.loc[rng.random(len(row)) < 0.6, "latest_nps"] = pd.NA
    frame.loc[rng.random(len(row)) < 0.05, "has_ticket"] = pd.NA
    frame.loc[rng.random(len(row)) < 0.1, "usage_trend"] = np.nan
    return frame
