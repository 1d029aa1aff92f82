"""Are hazards proportional? Schoenfeld's test, and which covariate to stratify by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from lifelines import CoxPHFitter
from lifelines.statistics import proportional_hazard_test

from customer_success.statistics import holm

from .config import SurvivalSettings
from .design import Design
from .lifelines_fit import fit_lifelines, lifelines_frame
from .table import Durations


def schoenfeld_p_values(
    fitter: CoxPHFitter, data: Durations, design: Design, strata: tuple[str, ...], settings: SurvivalSettings
) -> tuple[np.ndarray | None, str | None]:
    """Return the p-value of each term, shape (terms,), or None and why the test was not made.

    Grambsch and Therneau (1994): correlation of scaled Schoenfeld residuals with the rank of time, for
    ``fitter``, or where there are more than ``test_rows`` rows for a refit on a seeded sample. Not made where
    observation began on different days.
    """
    if np.ptp(data.entry) > 0:
        return None, "not tested: delayed entry"
    if len(data) > settings.test_rows or data.entry.any():
        rows = np.random.default_rng(settings.seed).permutation(len(data))[: settings.test_rows]
        data = data.take(np.sort(rows))
        data = replace(data, duration=data.duration - data.entry, entry=np.zeros(len(data)))
        fitter, problem = fit_lifelines(data, design, strata, settings.confidence)
        if fitter is None:
            return None, f"not tested: {problem}"
    with np.errstate(all="ignore"):
        test = proportional_hazard_test(fitter, lifelines_frame(data, design, strata), time_transform="rank")
    return np.asarray(test.p_value, dtype=float), None


def violating_covariates(p_values: np.ndarray, design: Design, significance: float) -> list[str]:
    """Return the covariates with a term whose p-value, corrected for all terms (Holm), is significant; least
    p-value first."""
    corrected = holm(p_values)
    least = {}
    for term, p in zip(design.terms, corrected, strict=True):
        name = term.covariate.name
        least[name] = np.fmin(p, least.get(name, 1.0))
    return sorted((name for name, p in least.items() if p < significance), key=least.get)


def can_stratify(data: Durations, design: Design, name: str, least_events: int) -> bool:
    """Say whether a covariate is categorical, has events enough in each category, and is not the only one."""
    if name not in design.levels or all(term.covariate.name == name for term in design.terms):
        return False
    column = data.covariates[name]
    return all(
        data.event[(column == level).to_numpy()].sum() >= least_events for level in design.levels[name]
    )
