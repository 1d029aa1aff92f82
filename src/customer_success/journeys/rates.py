"""Rates of transitions between stages, with intervals over households."""

from __future__ import annotations

import numpy as np
import pandas as pd

from customer_success.statistics import ratio_intervals

DAYS = 30
PAIR = ["from_stage", "to_stage"]


def transition_rates(exposures: pd.DataFrame, *, replicates: int, seed: int) -> pd.DataFrame:
    """Return transitions, households, days_at_risk, rate_per_30_days, ci_low, ci_high of each pair of stages.

    ``exposures``: a row per household (a whole number from 0) that was in from_stage and stage to_stage that
    anybody went to, with its days_at_risk (days) and transitions. The rate is the sum of transitions over the
    sum of days; its 95% interval resamples households (`statistics.ratio_intervals`) and is NaN where too few
    of them carry the days.
    """
    pairs = exposures.groupby(PAIR, sort=True)
    table = pairs.agg(transitions=("transitions", "sum"), days_at_risk=("days_at_risk", "sum")).reset_index()
    moved = exposures[exposures["transitions"] > 0].groupby(PAIR)["household_number"].nunique()
    table["households"] = moved.reindex(pd.MultiIndex.from_frame(table[PAIR]), fill_value=0).to_numpy()
    if table.empty:
        return table.assign(rate_per_30_days=np.empty(0), ci_low=np.empty(0), ci_high=np.empty(0))
    intervals = ratio_intervals(
        exposures["transitions"],
        exposures["days_at_risk"],
        exposures["household_number"].astype("int64"),
        pairs.ngroup().to_numpy(),
        seed=seed,
        replicates=replicates,
    ).sort_index()
    return table.assign(
        rate_per_30_days=DAYS * intervals["value"].to_numpy(),
        ci_low=DAYS * intervals["ci_low"].to_numpy(),
        ci_high=DAYS * intervals["ci_high"].to_numpy(),
    )
