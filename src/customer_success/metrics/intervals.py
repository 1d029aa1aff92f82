"""Intervals of metric values: each metric by the method its definition names, all periods and segments.

The methods are those of `customer_success.statistics`; this module prepares their input. A value without an
interval is not published, so each missing interval has its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_success.statistics import mean_intervals, nps_intervals, ratio_intervals, share_intervals
from customer_success.statistics.intervals import NO_OBSERVATIONS
from customer_success.statistics.resampling import forget_draws

PERIOD = ["period_grain", "period_start"]
KEYS = ["metric", *PERIOD, "segment_type", "segment"]
HOUSEHOLD = [*PERIOD, "household_number", "plan_type", "region"]
INTERVAL = ["ci_low", "ci_high", "ci_reason"]
RESULT = [*KEYS, *INTERVAL, "fingerprint"]
TEXTS = ["metric", "period_grain", "segment_type", "segment", "ci_reason", "fingerprint"]
UNKNOWN_SEGMENT = "unknown"
UNKNOWN_NUMERATOR = "the numerator is unknown"
SQUARES = ["sum_of_squares", "denominator_squares", "sum_of_products"]
NUMBERS = ["numerator", "denominator", "sample_size", *SQUARES, "promoters", "detractors", "value"]
CENTS = 100


# Household rows of a table with ratios of money: (table, amounts, periods) -> HOUSEHOLD, amounts; all known.
Households = Callable[[str, Sequence[str], pd.DataFrame], pa.Table]


def metric_intervals(
    components: pd.DataFrame,
    definitions: pd.DataFrame,
    fingerprints: pd.DataFrame,
    households: Households,
    before: pd.DataFrame | None = None,
    *,
    replicates: int,
    seed: int,
) -> pd.DataFrame:
    """One row per row of ``components``, by key: ci_low, ci_high (in the unit of the value), ci_reason.

    ``components``: metric, period_grain, period_start, segment_type, segment, numerator, denominator,
    sample_size, sum_of_squares, denominator_squares, sum_of_products, promoters, detractors, value.
    ``definitions``: metric, ci_method, family, numerator, denominator. ``fingerprints``: family,
    period_grain, period_start, fingerprint of all that the draws of the period depend on. ``households``
    reads the rows of the periods that it is given. ``before``: an earlier result; with the same
    fingerprint its interval is reused, and nothing is drawn. KeyError where a method is not known.
    """
    found = []
    by_metric = definitions.set_index("metric")
    known = components.astype(dict.fromkeys(NUMBERS, "float64")).sort_values(KEYS)
    if before is None:
        before = known.reindex(columns=RESULT).iloc[:0]
    for metric, rows in known.groupby("metric", sort=True):
        definition = by_metric.loc[metric]
        method = definition["ci_method"]
        if method == "bootstrap_households":
            inputs = fingerprints[fingerprints["family"] == definition["family"]]
            kept, rows = _reused(rows, inputs, before)
            found.append(kept)
            if len(rows):
                found.append(_of_ratios(rows, definition, households, replicates, seed))
        else:
            found.append(_of_closed_form(rows, CLOSED_FORMS[method](rows)))
    forget_draws()
    table = pd.concat(found, ignore_index=True) if found else known
    # Texts are typed: an empty column of objects would come out as a column of numbers.
    types = dict.fromkeys(TEXTS, "string") | {"ci_low": "float64", "ci_high": "float64"}
    return table.reindex(columns=RESULT).astype(types)


def _reused(
    rows: pd.DataFrame, inputs: pd.DataFrame, before: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split rows, each with the fingerprint of its period: intervals to reuse, and rows to draw."""
    rows = rows[KEYS].merge(inputs[[*PERIOD, "fingerprint"]], on=PERIOD, how="left")
    rows = rows.merge(before, on=[*KEYS, "fingerprint"], how="left", indicator="drawn")
    drawn = rows["drawn"] == "both"
    return rows.loc[drawn, RESULT], rows.loc[~drawn, [*KEYS, "fingerprint"]]


def _of_closed_form(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    unknown = rows["value"].isna() & (rows["sample_size"] > 0)
    reason = np.where(unknown, UNKNOWN_NUMERATOR, table["reason"])
    return rows[KEYS].assign(ci_low=table["ci_low"], ci_high=table["ci_high"], ci_reason=reason)


def _of_shares(rows: pd.DataFrame) -> pd.DataFrame:
    return share_intervals(rows["numerator"], rows["denominator"])


def _of_nps(rows: pd.DataFrame) -> pd.DataFrame:
    return nps_intervals(rows["promoters"], rows["detractors"], rows["denominator"])


def _of_means(rows: pd.DataFrame) -> pd.DataFrame:
    """t intervals over the n households (or answers, tickets) that are summed.

    The value is a sum over them divided by something known: by n for a mean, by 1 for a total, by the days
    for a mean per day. So is the interval: that of the mean, times n, divided by the same. Where the divisor
    is a sum over households too, deviations are taken from the ratio (linearised: Woodruff 1971).
    """
    n, total, ratio = rows["sample_size"], rows["numerator"], rows["value"]
    squares = rows["sum_of_squares"] - total**2 / n
    varies = rows["denominator_squares"].notna()
    products, denominators = rows["sum_of_products"], rows["denominator_squares"]
    squares = squares.where(~varies, rows["sum_of_squares"] - 2 * ratio * products + ratio**2 * denominators)
    spread = np.sqrt(np.maximum(squares, 0) / (n - 1)).where(n > 1)
    table = mean_intervals(total / n, spread, n)
    scale = n / rows["denominator"].fillna(1)
    return table.assign(ci_low=table["ci_low"] * scale, ci_high=table["ci_high"] * scale)


CLOSED_FORMS = {"wilson": _of_shares, "adjusted_wald": _of_nps, "t": _of_means}


def _of_ratios(
    rows: pd.DataFrame, definition: pd.Series, households: Households, replicates: int, seed: int
) -> pd.DataFrame:
    """Bootstrap over households; amounts go in as whole cents, whose sums are exact in any order.

    One metric and one kind of segment after the other: the rows of a large company fit into memory once.
    """
    parts = [definition["numerator"], definition["denominator"]]
    read = households(definition["family"], parts, rows[PERIOD].drop_duplicates())
    amounts = [np.rint(read[part].cast(pa.float64()).to_numpy() * CENTS) for part in parts]
    # Each text is held once, not once per row.
    held = read.select(HOUSEHOLD).to_pandas(date_as_object=False, strings_to_categorical=True)
    held["period_start"] = held["period_start"].astype("datetime64[us]")
    household = held["household_number"].to_numpy()
    found = []
    for kind, wanted in rows.groupby("segment_type", sort=False):
        places = pd.MultiIndex.from_frame(wanted[KEYS[1:]])
        group = places.get_indexer(pd.MultiIndex.from_frame(_in_segments(held, kind)))
        held_there = group >= 0
        table = ratio_intervals(
            *(amount[held_there] for amount in amounts),
            household=household[held_there],
            group=group[held_there],
            seed=seed,
            replicates=replicates,
        )
        low, high = np.full((2, len(wanted)), np.nan)
        reason = np.full(len(wanted), NO_OBSERVATIONS, dtype=object)
        at = table.index.to_numpy(dtype=int)
        low[at], high[at], reason[at] = (table[name].to_numpy() for name in ("ci_low", "ci_high", "reason"))
        found.append(wanted.assign(ci_low=low, ci_high=high, ci_reason=reason))
    return pd.concat(found).loc[rows.index]


def _in_segments(held: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Period and segment of each row, for one kind of segment."""
    segment = "all" if kind == "all" else held[kind].astype(object).fillna(UNKNOWN_SEGMENT).to_numpy()
    grain = held["period_grain"].astype(object)
    return pd.DataFrame({"grain": grain, "start": held["period_start"], "kind": kind, "segment": segment})
