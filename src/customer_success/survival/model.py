"""A fitted Cox model as numbers: coefficients and baseline hazards, with all that predictions need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .design import Design
from .table import Durations


@dataclass(frozen=True)
class Baseline:
    """Cumulative hazard at coefficients times covariates = 0: ``hazard`` (m,) from ``days`` (m,) on, the days
    of events; observation of the stratum ended on ``last_day``."""

    days: np.ndarray
    hazard: np.ndarray
    last_day: float

    def at(self, days: np.ndarray) -> np.ndarray:
        """Return the cumulative hazard at the end of each day, shape as ``days``."""
        steps = np.concatenate([[0.0], self.hazard])
        return steps[np.searchsorted(self.days, days, side="right")]


@dataclass(frozen=True)
class CoxModel:
    """``coefficients`` (terms,) are log hazard ratios. ``strata``: categorical covariates with a baseline of
    their own for each combination of categories; ``baselines`` by that combination, () without strata."""

    design: Design
    coefficients: np.ndarray
    strata: tuple[str, ...]
    baselines: dict[tuple[str, ...], Baseline]

    def log_hazard(self, covariates: pd.DataFrame) -> np.ndarray:
        """Return coefficients times covariates, shape (n,), NaN where unknown."""
        return self.design.matrix(covariates) @ self.coefficients

    def stratum(self, covariates: pd.DataFrame) -> list[tuple[str, ...]]:
        """Return the stratum of each row."""
        return strata_of(covariates, self.strata)


def strata_of(covariates: pd.DataFrame, strata: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the combination of categories of each row, () without strata."""
    if not strata:
        return [()] * len(covariates)
    return list(zip(*(covariates[name] for name in strata), strict=True))


def breslow_baseline(data: Durations, log_hazard: np.ndarray) -> Baseline:
    """Return Breslow's (1972) estimate of the cumulative baseline hazard, delayed entry included.

    At each day with events: events / sum of exp(``log_hazard``) over the households under observation.
    """
    days, events = np.unique(data.duration[data.event], return_counts=True)
    risk = np.exp(log_hazard)
    leaving, entering = np.argsort(data.duration, kind="stable"), np.argsort(data.entry, kind="stable")
    gone = np.concatenate([[0.0], np.cumsum(risk[leaving])])
    come = np.concatenate([[0.0], np.cumsum(risk[entering])])
    left_before = gone[np.searchsorted(data.duration[leaving], days, side="left")]
    came_before = come[np.searchsorted(data.entry[entering], days, side="left")]
    return Baseline(days, np.cumsum(events / (came_before - left_before)), float(data.duration.max()))
