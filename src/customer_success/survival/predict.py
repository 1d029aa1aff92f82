"""How long a household stays from here on, given that it has stayed so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from .config import SurvivalSettings, SurvivalSpec
from .cox import CoxFit
from .model import Baseline, CoxModel
from .table import Table, numbers, read_columns, read_covariates, read_event

BEFORE = "before the landmark"
CHURNED = "has churned"
UNKNOWN = "a covariate is unknown or was not in the fit"
BEYOND = "stayed longer than any household observed"


def predict_remaining(
    cox: CoxFit, table: Table, spec: SurvivalSpec, settings: SurvivalSettings | None = None
) -> pd.DataFrame:
    """Return a row per household, sorted by id: id, median_days_remaining, survival_30d, …, note.

    ``spec.duration`` holds the days stayed so far (null or negative: the landmark is not reached),
    ``spec.event`` whether the household has churned before. S(t + s) / S(t), with S of Cox's model: survival
    over the next s days, NaN where t + s lies beyond the last day observed in its stratum. The median is the
    first day on which that ratio is one half or less, NaN where the curve does not come down so far. The
    note gives what is missing and why. No rows where nothing was fitted.

    Raises ValueError naming the column where one is missing, infinite or no number, or an id is repeated.
    """
    settings = settings or SurvivalSettings()
    names = [f"survival_{days}d" for days in settings.horizons]
    columns = [spec.id, "median_days_remaining", *names, "note"]
    if cox.model is None:
        return pd.DataFrame(columns=columns)
    frame = read_columns(table, replace(spec, entry=None, group=None))
    stayed = numbers(frame[spec.duration], spec.duration)
    churned = read_event(frame[spec.event], spec.event)
    covariates = read_covariates(frame, spec.covariates)
    log_hazard = cox.model.log_hazard(covariates)
    note = np.full(len(frame), None, dtype=object)
    note[np.isnan(log_hazard)] = UNKNOWN
    note[~(stayed >= 0)] = BEFORE
    note[churned] = CHURNED
    values = np.full((len(frame), 1 + len(names)), np.nan)
    for baseline, rows in _by_stratum(cox.model, covariates, note):
        found, why = _remaining(baseline, stayed[rows], np.exp(log_hazard[rows]), settings.horizons)
        values[rows], note[rows] = found, why
    result = pd.DataFrame(values, columns=columns[1:-1])
    result.insert(0, spec.id, frame[spec.id].to_numpy())
    return result.assign(note=note)


def _by_stratum(
    model: CoxModel, covariates: pd.DataFrame, note: np.ndarray
) -> list[tuple[Baseline, np.ndarray]]:
    """Return baselines with the positions of their households; the others get a note."""
    open_rows = np.flatnonzero([why is None for why in note])
    stratum = pd.Series(model.stratum(covariates.iloc[open_rows]), dtype=object)
    found = []
    for key, positions in stratum.groupby(stratum).indices.items():
        if key in model.baselines:
            found.append((model.baselines[key], open_rows[positions]))
        else:
            note[open_rows[positions]] = UNKNOWN
    return found


def _remaining(
    baseline: Baseline, stayed: np.ndarray, risk: np.ndarray, horizons: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return median and survival, shape (n, 1 + horizons), and notes (n,)."""
    so_far = baseline.at(stayed)
    place = np.searchsorted(baseline.hazard, so_far + np.log(2) / risk, side="left")
    reached = place < len(baseline.days)
    day = np.append(baseline.days, np.nan)[place]
    columns = [np.where(reached, day - stayed, np.nan)]
    for days in horizons:
        survival = np.exp(-risk * (baseline.at(stayed + days) - so_far))
        columns.append(np.where(stayed + days <= baseline.last_day, survival, np.nan))
    last = int(baseline.last_day)
    note = np.full(len(stayed), None, dtype=object)
    note[stayed + max(horizons) > baseline.last_day] = f"observed to day {last} only"
    note[~reached] = f"the curve does not reach one half by day {last}, the last observed"
    return np.column_stack(columns), np.where(stayed > baseline.last_day, BEYOND, note)
