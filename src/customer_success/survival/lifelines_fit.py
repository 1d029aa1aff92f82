"""Fits a Cox model by lifelines."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError

from .design import Design
from .table import Durations


def lifelines_frame(data: Durations, design: Design, strata: tuple[str, ...]) -> pd.DataFrame:
    """Return the table that lifelines takes: terms (x0, x1, …), strata (s0, …), duration, event, entry."""
    matrix = design.matrix(data.covariates)
    frame = pd.DataFrame(matrix, columns=[f"x{i}" for i in range(matrix.shape[1])])
    for i, name in enumerate(strata):
        frame[f"s{i}"] = data.covariates[name].to_numpy()
    frame["duration"], frame["event"] = data.duration, data.event.astype(int)
    if data.entry.any():
        frame["entry"] = data.entry
    return frame


def fit_lifelines(
    data: Durations, design: Design, strata: tuple[str, ...], confidence: float
) -> tuple[CoxPHFitter | None, str | None]:
    """Fit by maximum partial likelihood, ties by Efron's method. Return the fit, or None and the problem."""
    frame = lifelines_frame(data, design, strata)
    fitter = CoxPHFitter(alpha=1 - confidence)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitter.fit(
                frame,
                duration_col="duration",
                event_col="event",
                entry_col="entry" if "entry" in frame else None,
                strata=[f"s{i}" for i in range(len(strata))] or None,
            )
        except ConvergenceError as problem:
            return None, f"no convergence: {str(problem).splitlines()[0]}"
    return fitter, None


def separated(fitter: CoxPHFitter, data: Durations, design: Design) -> list[str]:
    """Return the covariates that separate events from the rest completely: their standard error, per standard
    deviation of the covariate, is beyond any that 10 events per covariate leave (it is below 1 there)."""
    spread = design.matrix(data.covariates).std(axis=0)
    wide = ~(fitter.standard_errors_.to_numpy() * spread < 10)
    return sorted({term.covariate.name for term, is_wide in zip(design.terms, wide, strict=True) if is_wide})
