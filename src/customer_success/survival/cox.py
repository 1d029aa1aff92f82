"""Cox proportional hazards with all diagnostics of the fit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.utils import concordance_index

from .config import SurvivalSettings, SurvivalSpec
from .design import Design, Prepared, prepare
from .lifelines_fit import fit_lifelines, separated
from .model import CoxModel, breslow_baseline, strata_of
from .proportionality import can_stratify, schoenfeld_p_values, violating_covariates
from .table import Durations, Table, read_durations

FITTED = "fitted"
NOT_FITTED = "not_fitted"
SUMMARY_COLUMNS = [
    "covariate",
    "coefficient",
    "hazard_ratio",
    "ci_low",
    "ci_high",
    "p_value",
    "n",
    "events",
    "ph_p_value",
    "ph_action",
    "note",
]


@dataclass(frozen=True)
class CoxFit:
    """``status`` "fitted" or "not_fitted", with the ``reason``.

    ``summary``: a row per term, those not in the model included (hazard ratio NaN, the note says why);
    confidence limits are of the hazard ratio. ``ph_p_value``: Schoenfeld's test; ``ph_action``: "holds",
    "stratified", "reported as violated" or why it was not tested. ``fit``: one row on the whole model.
    """

    status: str
    reason: str | None
    summary: pd.DataFrame
    fit: pd.DataFrame
    model: CoxModel | None


@dataclass(frozen=True)
class _State:
    """A fit in progress: ``test`` has the p-value and the verdict by term label."""

    data: Durations
    design: Design
    strata: tuple[str, ...]
    fitter: CoxPHFitter
    test: dict[str, tuple[float, str]]


def cox_fit(
    table: Table, spec: SurvivalSpec, later: Table | None = None, settings: SurvivalSettings | None = None
) -> CoxFit:
    """Fit a Cox model; ``later`` is a table of a later signup cohort, used for testing only.

    Rows with unknown covariates are left out. Terms without a finite hazard ratio are left out with a note
    (``design.prepare``), as are terms beyond one per 10 events; without terms there is no model. A
    categorical covariate that violates proportional hazards becomes a stratum where its categories have
    events enough; other violations are reported.

    Raises ValueError where a table cannot be read (``table.read_durations``).
    """
    settings = settings or SurvivalSettings()
    data = read_durations(table, spec)
    test_data = None if later is None else read_durations(later, spec)
    prepared = prepare(data, spec.covariates, settings.events_per_covariate)
    state, dropped, reason = _converged(prepared, settings)
    if state is None:
        return _not_fitted(data, dropped, reason)
    state = _stratified(state, settings)
    model = _model(state)
    return CoxFit(FITTED, None, _summary(state, dropped), _fit_row(state, model, test_data), model)


def concordance(model: CoxModel, data: Durations) -> float:
    """Return Harrell's C, within strata and pooled by their comparable pairs; NaN without such pairs.

    Households with unknown covariates are left out; entry is not considered.
    """
    log_hazard = model.log_hazard(data.covariates)
    known = ~np.isnan(log_hazard)
    part, log_hazard = data.take(known), log_hazard[known]
    stratum = pd.factorize(pd.Series(model.stratum(part.covariates), dtype=object))[0]
    pairs, agreeing = 0, 0.0
    for code in np.unique(stratum):
        rows = stratum == code
        duration, event = part.duration[rows], part.event[rows]
        comparable = _comparable_pairs(duration, event)
        if comparable:
            pairs += comparable
            agreeing += comparable * concordance_index(duration, -log_hazard[rows], event)
    return agreeing / pairs if pairs else float("nan")


def _comparable_pairs(duration: np.ndarray, event: np.ndarray) -> int:
    """Count pairs of which one had its event while the other was still there (or was censored that day)."""
    ends = np.sort(duration)
    censored = np.sort(duration[~event])
    days = duration[event]
    longer = len(ends) - np.searchsorted(ends, days, side="right")
    same = np.searchsorted(censored, days, side="right") - np.searchsorted(censored, days, side="left")
    return int((longer + same).sum())


def _converged(
    prepared: Prepared, settings: SurvivalSettings
) -> tuple[_State | None, dict[str, str], str | None]:
    """Fit without strata, dropping covariates that separate events completely."""
    data, design, dropped = prepared.data, prepared.design, dict(prepared.dropped)
    while design.terms:
        fitter, problem = fit_lifelines(data, design, (), settings.confidence)
        if fitter is None:
            return None, dropped, problem
        names = separated(fitter, data, design)
        if not names:
            return _State(data, design, (), fitter, {}), dropped, None
        dropped |= dict.fromkeys(names, "dropped: separates events completely, no finite hazard ratio")
        design = _without(design, names)
        design = replace(design, levels={k: v for k, v in design.levels.items() if k not in names})
    few = f"fewer than {settings.events_per_covariate} events per covariate, or no covariate varies"
    return None, dropped, f"{int(data.event.sum())} events among {len(data)} households: {few}"


def _without(design: Design, names: list[str]) -> Design:
    terms = tuple(term for term in design.terms if term.covariate.name not in names)
    return replace(design, terms=terms)


def _stratified(state: _State, settings: SurvivalSettings) -> _State:
    """Test proportional hazards; stratify by one violating covariate after the other where possible."""
    while True:
        p_values, problem = schoenfeld_p_values(
            state.fitter, state.data, state.design, state.strata, settings
        )
        labels = [term.label for term in state.design.terms]
        if p_values is None:
            return replace(state, test=state.test | dict.fromkeys(labels, (float("nan"), problem)))
        violating = violating_covariates(p_values, state.design, settings.significance)
        verdicts = {
            term.label: (float(p), _verdict(p, term.covariate.name in violating))
            for term, p in zip(state.design.terms, p_values, strict=True)
        }
        better = _stratify_first(replace(state, test=state.test | verdicts), violating, settings)
        if better is None:
            return replace(state, test=state.test | verdicts)
        state = better


def _verdict(p_value: float, is_violating: bool) -> str:
    if np.isnan(p_value):
        return "not tested: undefined in the sample"
    return "reported as violated" if is_violating else "holds"


def _stratify_first(state: _State, violating: list[str], settings: SurvivalSettings) -> _State | None:
    """Return the fit stratified by the first violating covariate that allows it; None where none does."""
    for name in violating:
        if not can_stratify(state.data, state.design, name, settings.events_per_covariate):
            continue
        strata, design = (*state.strata, name), _without(state.design, [name])
        fitter, _ = fit_lifelines(state.data, design, strata, settings.confidence)
        if fitter is not None:
            gone = [term.label for term in state.design.terms if term.covariate.name == name]
            test = state.test | {label: (state.test[label][0], "stratified") for label in gone}
            return _State(state.data, design, strata, fitter, test)
    return None


def _model(state: _State) -> CoxModel:
    coefficients = state.fitter.params_.to_numpy(dtype=float)
    log_hazard = state.design.matrix(state.data.covariates) @ coefficients
    stratum = pd.Series(strata_of(state.data.covariates, state.strata), dtype=object)
    baselines = {}
    for key, positions in stratum.groupby(stratum).indices.items():
        baselines[key] = breslow_baseline(state.data.take(positions), log_hazard[positions])
    return CoxModel(state.design, coefficients, state.strata, baselines)


def _summary(state: _State, dropped: dict[str, str]) -> pd.DataFrame:
    """Terms of the model first, then strata, then what was dropped."""
    n, events = len(state.data), int(state.data.event.sum())
    rows = []
    found = state.fitter.summary
    limits = found.filter(like="exp(coef) ").to_numpy()
    for i, term in enumerate(state.design.terms):
        p_value, action = state.test[term.label]
        numbers = (found["coef"].iloc[i], found["exp(coef)"].iloc[i], *limits[i], found["p"].iloc[i])
        rows.append((term.label, *numbers, n, events, p_value, action, None))
    unknown = (float("nan"),) * 5
    in_model = {term.label for term in state.design.terms}
    for label, (p_value, action) in state.test.items():
        if label not in in_model:
            rows.append((label, *unknown, n, events, p_value, action, "a baseline of its own per category"))
    rows += [(label, *unknown, n, events, float("nan"), None, why) for label, why in dropped.items()]
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def _fit_row(state: _State, model: CoxModel, later: Durations | None) -> pd.DataFrame:
    test = state.fitter.log_likelihood_ratio_test()
    row = {
        "status": FITTED,
        "reason": None,
        "n": len(state.data),
        "events": int(state.data.event.sum()),
        "terms": len(state.design.terms),
        "strata": ", ".join(state.strata) or None,
        "ties": "Efron",
        "concordance": concordance(model, state.data),
        "later_concordance": float("nan") if later is None else concordance(model, later),
        "later_n": 0 if later is None else len(later),
        "later_events": 0 if later is None else int(later.event.sum()),
        "likelihood_ratio": float(test.test_statistic),
        "likelihood_ratio_df": len(state.design.terms),
        "likelihood_ratio_p": float(test.p_value),
        "aic": float(state.fitter.AIC_partial_),
    }
    return pd.DataFrame([row])


def _not_fitted(data: Durations, dropped: dict[str, str], reason: str | None) -> CoxFit:
    n, events, nan = len(data), int(data.event.sum()), float("nan")
    rows = [(label, *(nan,) * 5, n, events, nan, None, why) for label, why in dropped.items()]
    row = {"status": NOT_FITTED, "reason": reason, "n": n, "events": events, "terms": 0, "strata": None}
    row |= {"ties": "Efron", "concordance": nan, "later_concordance": nan, "later_n": 0, "later_events": 0}
    row |= {"likelihood_ratio": nan, "likelihood_ratio_df": 0, "likelihood_ratio_p": nan, "aic": nan}
    return CoxFit(NOT_FITTED, reason, pd.DataFrame(rows, columns=SUMMARY_COLUMNS), pd.DataFrame([row]), None)
