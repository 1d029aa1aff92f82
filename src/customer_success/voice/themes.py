"""Themes of comments: intervals of net sentiment, and which themes are mentioned more than before."""

from __future__ import annotations

import pandas as pd

from customer_success.statistics import holm, ratio_intervals

from .rising import rising

GROUP = ["month_start", "channel", "theme"]


def theme_intervals(rows: pd.DataFrame, *, replicates: int, seed: int) -> pd.DataFrame:
    """Return month_start, channel, theme, ci_low, ci_high of net sentiment (-1 to 1), one row per group.

    ``rows``: one per group and household, with household_number (from 0) and its positive and negative
    mentions. The interval is a BCa bootstrap over households (`statistics.ratio_intervals`). Ends are NaN
    where fewer than two households have a positive or negative mention or all of them agree: such an interval
    would have no width.
    """
    groups = rows[GROUP].drop_duplicates().sort_values(GROUP, ignore_index=True)
    if groups.empty:
        return groups.assign(ci_low=pd.Series(dtype=float), ci_high=pd.Series(dtype=float))
    number = rows.merge(groups.reset_index(names="group"), on=GROUP)
    number = number[number["positive"] + number["negative"] > 0]
    measured = ratio_intervals(
        number["positive"] - number["negative"],
        number["positive"] + number["negative"],
        number["household_number"].to_numpy(),
        number["group"].to_numpy(),
        seed=seed,
        replicates=replicates,
        minimum=0,
    )
    return groups.join(measured[["ci_low", "ci_high"]])


def theme_changes(windows: pd.DataFrame) -> pd.DataFrame:
    """Return theme, households_30d, expected_households, p_value, p_holm, one row per theme, in order.

    ``windows``: theme, window_number (0 is the latest), households with a negative mention, customers. What
    needs a window that is not known is NaN. p-values are those of `rising`, corrected over themes by Holm.
    """
    counts, customers = (
        windows.pivot(index="theme", columns="window_number", values=of).sort_index(axis=0).sort_index(axis=1)
        for of in ("households", "customers")
    )
    tested = rising(counts.astype(float), customers.astype(float))
    return pd.DataFrame(
        {
            "theme": counts.index,
            "households_30d": counts[0].astype("Int64").to_numpy(),
            "expected_households": tested.expected,
            "p_value": tested.p_value,
            "p_holm": holm(tested.p_value),
        }
    )
