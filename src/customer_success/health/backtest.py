"""Back-test of the scorecards: how well the score of a date ranks who leaves in the days after it.

The outcome is the project's label: the household leaves within N days. It is known N days and the length of
the silence after the date, so only rows with a complete outcome count. Rows of one household overlap in time
and are not independent; intervals come from a bootstrap over households (see `statistics.ranking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_success.statistics.ranking import (
    ReplicateHistograms,
    auc,
    auc_difference,
    band_rates,
    replicate_histograms,
    worst_share_lift,
)
from customer_success.statistics.resampling import BLOCK

POPULATIONS = ("all", "active_7d")
SAMPLES = ("common", "own")  # rows where all scorecards are known, and all rows of the scorecard
# For a database: a column of only None would become one of numbers.
TYPES = {"band": "string", "reason": "string", "p_value": "float64"}
SCORES = 101
SLICE = 32 * BLOCK  # households that are counted together


@dataclass(frozen=True)
class Group:
    """The subject of one row of the back-test."""

    health_model: str
    horizon_days: int
    population: str
    sample: str


def groups(models: Sequence[str], horizons: Sequence[int]) -> list[Group]:
    """All combinations that are measured, in a fixed order."""
    return [Group(*keys) for keys in product(models, horizons, POPULATIONS, SAMPLES)]


def _columns(rows: pa.Table, models: Sequence[str]) -> dict[str, np.ndarray]:
    """The columns as numpy arrays; an unknown score is -1, no leaving is the largest number of days."""
    filled = {name: rows[name].fill_null(-1).to_numpy().astype(np.int16) for name in models}
    never = np.iinfo(np.int32).max
    filled["days_to_left"] = rows["days_to_left"].fill_null(never).to_numpy()
    filled["days_known"] = rows["days_known"].to_numpy()
    filled["household"] = rows["household_number"].to_numpy()
    filled["is_active"] = rows["is_active_7d"].to_numpy(zero_copy_only=False)
    return filled


def _counted(columns: dict, group: Group, models: Sequence[str]) -> tuple[np.ndarray, ...]:
    """Household, score, rows and rows that left, one entry per household and score that occurs."""
    wanted = columns["days_known"] >= group.horizon_days
    if group.population == "active_7d":
        wanted &= columns["is_active"]
    for name in models if group.sample == "common" else (group.health_model,):
        wanted &= columns[name] >= 0
    key = columns["household"][wanted].astype(np.int64) * SCORES + columns[group.health_model][wanted]
    left = columns["days_to_left"][wanted] <= group.horizon_days
    keys, position = np.unique(key, return_inverse=True)
    rows = np.bincount(position, minlength=len(keys))
    gone = np.bincount(position, weights=left, minlength=len(keys)).astype(np.int64)
    return keys // SCORES, keys % SCORES, rows, gone


def backtest(
    rows: pa.Table,
    models: Sequence[str],
    *,
    primary: str,
    bands: Mapping[str, Mapping[str, int]],
    horizons: Sequence[int] = (30, 60, 90),
    replicates: int = 400,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure each scorecard, horizon, population and sample.

    rows: one per customer and score date with `household_number` (whole, from 0), one column per scorecard
    (0-100 or null), `is_active_7d`, `days_to_left` (null: never) and `days_known`. bands: per scorecard, band
    -> lowest score. Returns one row per measure (auc, lift_worst_decile, auc_against_primary, band_rate) with
    value, ci_low, ci_high, n, left, p_value (of the difference) and reason where a figure is undefined.
    ValueError where the primary scorecard is not among the models.
    """
    if primary not in models:
        raise ValueError(f"the primary scorecard {primary!r} is not one of {', '.join(models)}")
    numbered = groups(models, horizons)
    histograms = _histograms(_columns(rows, models), numbered, models, replicates, seed)
    found = []
    for index, group in enumerate(numbered):
        area, lift = auc(histograms, index), worst_share_lift(histograms, index)
        keys = vars(group) | {"band": None, "p_value": None}
        for measure, metric in (("auc", area), ("lift_worst_decile", lift)):
            found.append(keys | {"measure": measure} | _figures(metric))
        if group.sample == "common" and group.health_model != primary:
            own = numbered.index(Group(primary, group.horizon_days, group.population, "common"))
            change = auc_difference(histograms, own, index)
            figures = {"value": change.difference, "ci_low": change.ci_low, "ci_high": change.ci_high}
            figures |= {"n": area.n, "left": area.left, "p_value": change.p_value, "reason": change.reason}
            found.append(keys | {"measure": "auc_against_primary"} | figures)
        lowest = dict(sorted(bands[group.health_model].items(), key=lambda item: item[1]))
        rates = band_rates(histograms, list(lowest.values()), index)
        for band, metric in zip(lowest, rates, strict=True):
            found.append(keys | {"measure": "band_rate", "band": band} | _figures(metric))
    return pd.DataFrame(found)


def _histograms(
    columns: dict, numbered: Sequence[Group], models: Sequence[str], replicates: int, seed: int
) -> ReplicateHistograms:
    """Histograms of all groups; slices of households add up, so that a large company needs no more memory."""
    order = np.argsort(columns["household"], kind="stable")
    ordered = {name: column[order] for name, column in columns.items()}
    last = ordered["household"][-1] if len(order) else 0
    bounds = np.searchsorted(ordered["household"], np.arange(0, last + SLICE + 1, SLICE))
    total = None
    for begin, end in pairwise(bounds):
        part = {name: column[begin:end] for name, column in ordered.items()}
        entries = [_counted(part, group, models) for group in numbered]
        number = np.repeat(np.arange(len(numbered)), [len(entry[0]) for entry in entries])
        household, score, count, left = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        counted = replicate_histograms(
            household, score, count, left, number, groups=len(numbered), replicates=replicates, seed=seed
        )
        total = counted if total is None else total + counted
    return total


def _figures(metric) -> dict:
    names = ("value", "ci_low", "ci_high", "n", "left", "reason")
    return {name: getattr(metric, name) for name in names}
