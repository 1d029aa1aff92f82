"""Intervals of net sentiment by a second method: a bootstrap over households approximated without drawing."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from customer_success.recount.intervals import FAR_END, MEASURED_REPLICATES, NEAR_END
from customer_success.recount.second_methods import carriers, resampled_ratio

from .held import Held

KEY = ("month_start", "channel", "theme")


def theme_intervals(
    connection: duckdb.DuckDBPyConnection, least: int, replicates: int = MEASURED_REPLICATES
) -> Held:
    """Compare the ends with an approximation; a published end that lies near enough counts as equal.

    There is none under so many households at ``least``, and none where all mentions with a polarity agree.
    Fewer ``replicates`` of the bootstrap scatter more.
    """
    homes = connection.execute(
        "select date_trunc('month', created_at)::date as month_start, coalesce(channel, 'all') as channel,"
        " theme, household_id, count(*) filter (where polarity = 'positive') as p,"
        " count(*) filter (where polarity = 'negative') as n from analytics.fct_comment_themes"
        " group by grouping sets ((date_trunc('month', created_at)::date, channel, theme, household_id),"
        " (date_trunc('month', created_at)::date, theme, household_id))"
    ).df()
    y, x = (homes["p"] - homes["n"]).astype(float), (homes["p"] + homes["n"]).astype(float)
    powers = {a * "y" + b * "x": y**a * x**b for n in range(1, 5) for a in range(n, -1, -1) for b in [n - a]}
    sums = homes[list(KEY)].assign(households=1, **powers).groupby(list(KEY), as_index=False).sum()
    mixed = (sums["y"].abs() < sums["x"]) & (sums["households"] >= least)
    sums = sums[mixed].reset_index(drop=True)
    low, high = resampled_ratio(sums) if len(sums) else (np.array([]), np.array([]))
    noise = np.sqrt(max(1.0, MEASURED_REPLICATES / replicates))
    slack = noise * (high - low) * (NEAR_END + FAR_END / np.sqrt(carriers(sums))) if len(sums) else low
    rows = pd.DataFrame({**sums[list(KEY)], "low": np.maximum(low, -1), "high": np.minimum(high, 1)})
    connection.register("approximate_theme_intervals", rows.assign(slack=slack))
    ends = ", ".join(
        f"if(abs(ci_{end} - {end}) <= slack, ci_{end}, {end}) as ci_{end}" for end in ("low", "high")
    )
    return Held(
        "rpt_comment_themes",
        KEY,
        f"select month_start, channel, theme, {ends} from analytics.rpt_comment_themes"
        " left join approximate_theme_intervals using (month_start, channel, theme)",
    )
