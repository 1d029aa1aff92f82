"""The evidence on a claim: from the ledger of metric values, the households, or the test of the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from customer_success.statistics import Comparison
from customer_success.statistics.relative import relative_change

from .change import KINDS, TOTAL, align, compare
from .claim import CHURN_MODEL, Claim
from .households import is_total
from .periods import Period, resolve
from .verdicts import Finding

# Accuracy alone is not informative: the accuracy of always predicting 'stays' is shown with it (decision 29).
BESIDE = {"accuracy": "accuracy_always_no"}


class Contradiction(ValueError):
    """A metric's value differs from the sum of its households."""


@dataclass(frozen=True)
class Data:
    """The data with which claims are compared.

    `metrics`: a row per metric with metric, ci_method, direction (up or down), denominator. `values`: the
    ledger `fct_metric_values`. `households`: of a metric, segment type, segment and period, a row per
    household with `change.COLUMNS`. `model_runs`, `model_metrics`: as in the contract, with or without rows.
    """

    as_of: date
    metrics: pd.DataFrame
    values: pd.DataFrame
    households: Callable[[str, str, str, Period], pd.DataFrame]
    model_runs: pd.DataFrame
    model_metrics: pd.DataFrame

    @cached_property
    def ledger(self) -> dict[tuple, dict]:
        """Rows of the ledger by metric, grain, start, segment type and segment."""
        starts = pd.to_datetime(self.values["period_start"]).dt.date
        keys = zip(*(self.values[c] for c in ("metric", "period_grain")), starts,
                   *(self.values[c] for c in ("segment_type", "segment")), strict=True)  # fmt: skip
        return dict(zip(keys, self.values.to_dict("records"), strict=True))

    @cached_property
    def catalogue(self) -> dict[str, dict]:
        """Rows of `metrics` by metric."""
        return {row["metric"]: row for row in self.metrics.to_dict("records")}


def find(claim: Claim, data: Data, seed: int) -> Finding:
    """Return the evidence on one claim; its `problem` where there is none."""
    if claim.evidence == CHURN_MODEL:
        return _of_model(claim, data)
    metric = data.catalogue.get(claim.metric)
    if metric is None:
        return Finding(problem=f"no metric {claim.metric}")
    if claim.period_b is None:
        return _of_level(claim, data)
    kind = TOTAL if is_total(metric["denominator"]) else KINDS[metric["ci_method"]]
    return _of_change(claim, data, kind, seed)


def _ledger(claim: Claim, name: str, data: Data) -> tuple[dict | None, Period | None, str | None]:
    """The ledger's row of a claim's metric and segment in a period, the period, and what is wrong with it."""
    try:
        period = resolve(name, data.as_of)
    except ValueError as problem:
        return None, None, str(problem)
    if not period.is_complete(data.as_of):
        return None, period, f"{name} is not complete on {data.as_of}"
    row = data.ledger.get((claim.metric, period.grain, period.start, *claim.segment_key))
    if row is None:
        return None, period, f"no value of {claim.metric} in {name} for {claim.segment}"
    if row["status"] == "publishable":
        return row, period, None
    # The value of a withheld row is no evidence, and is not shown.
    withheld = {**row, "raw_value": None, "ci_low": None, "ci_high": None}
    message = ", ".join(x for x in (row["status"], row["status_reason"]) if not pd.isna(x))
    return withheld, period, f"{name}: {message}"


def _of_level(claim: Claim, data: Data) -> Finding:
    row, period, problem = _ledger(claim, claim.period_a, data)
    days = _days(period, None)
    if row is None:
        return Finding(problem=problem, **days)
    ends, note = (row["ci_low"], row["ci_high"]), _note(row)
    found = _against(claim, row["raw_value"], ends, row["sample_size"], row["ci_method"], problem, note)
    return replace(found, **days)


def _days(a: Period | None, b: Period | None) -> dict[str, date | None]:
    """First and last days of the periods, by the names of the verdict's columns."""
    return {
        f"period_{side}_{end}": None if period is None else getattr(period, end)
        for side, period in (("a", a), ("b", b))
        for end in ("start", "end")
    }


def _against(
    claim: Claim, value, ends, n, method: str, problem: str | None, note: str | None = None
) -> Finding:
    """A single value with its interval against the claimed one."""
    value, low, high = (_number(x) for x in (value, *ends))
    claimed = claim.claimed_value
    return Finding(
        value_a=value,
        n_a=None if pd.isna(n) else int(n),
        difference=value - claimed,
        ci_low=low - claimed,
        ci_high=high - claimed,
        test=f"{method} interval",
        problem=problem,
        note=note,
    )


def _of_change(claim: Claim, data: Data, kind: str, seed: int) -> Finding:
    sides, rows, problems, periods = [], [], [], []
    for name in (claim.period_a, claim.period_b):
        row, period, problem = _ledger(claim, name, data)
        problems += [problem] if problem else []
        rows.append(row)
        periods.append(period)
        if row is not None:
            sides.append(data.households(claim.metric, *claim.segment_key, period))
    values = [float("nan") if row is None else _number(row["raw_value"]) for row in rows]
    counts = [None if row is None or pd.isna(row["sample_size"]) else int(row["sample_size"]) for row in rows]
    known = dict(zip(("value_a", "value_b", "n_a", "n_b"), (*values, *counts), strict=True))
    found = Finding(**known, **_days(*periods), problem="; ".join(problems) or None)
    if found.problem:
        return found
    aligned = align(*sides)
    compared = compare(kind, aligned, seed=seed)
    _must_add_up(claim, values, (compared.estimate_a, compared.estimate_b))
    found = _compared(found, compared, [_note(row) for row in rows])
    return _relative(found, aligned, kind) if claim.scale == "relative" else found


def _must_add_up(claim: Claim, ledger: list[float], households: tuple[float, float]) -> None:
    for value, counted in zip(ledger, households, strict=True):
        if abs(counted - value) > 1e-6 * max(1.0, abs(value)):
            message = f"claim {claim.claim_id}: {claim.metric} is {value:.6g} in the ledger"
            raise Contradiction(f"{message}, its households give {counted:.6g}")


def _compared(found: Finding, compared: Comparison, notes: list[str | None]) -> Finding:
    """The comparison as a finding; without an interval and without a test it is no evidence."""
    silent = compared.reason if pd.isna(compared.p_value) else None
    return replace(
        found,
        difference=compared.difference,
        ci_low=compared.ci_low,
        ci_high=compared.ci_high,
        p_value=compared.p_value,
        test=compared.method,
        problem=silent,
        note="; ".join(dict.fromkeys(x for x in (None if silent else compared.reason, *notes) if x)) or None,
    )


def _relative(found: Finding, aligned: pd.DataFrame, kind: str) -> Finding:
    """Replace the difference by the change as a share of period a."""
    if kind == TOTAL:  # a household outside a period adds nothing to its total
        aligned = aligned.fillna(0.0).assign(denominator_a=1.0, denominator_b=1.0)
    change = relative_change(**{name: aligned[name].to_numpy(float) for name in aligned})
    return replace(
        found,
        difference=change.value,
        ci_low=change.ci_low,
        ci_high=change.ci_high,
        test=f"{found.test}; {change.method}",
        problem=found.problem or change.reason,
    )


def _of_model(claim: Claim, data: Data) -> Finding:
    """The selected model's metric on a split (`period_a`) and population (`segment`) of the last run."""
    if data.model_runs.empty:
        return Finding(problem="no model has been run")
    run = data.model_runs.sort_values("as_of_date").iloc[-1]
    model = run["selected_model"]
    if pd.isna(model):
        return Finding(problem=f"the model run is {run['status']}: {run['reason']}")
    rows = data.model_metrics
    for column, value in {
        "model_run_id": run["model_run_id"],
        "model": model,
        "split": claim.period_a,
        "population": claim.segment,
    }.items():
        rows = rows[rows[column] == value]
    rows = rows.set_index("metric")
    if claim.metric not in rows.index or pd.isna(rows.loc[claim.metric, "value"]):
        return Finding(problem=f"{claim.metric} of {model} on {claim.period_a} ({claim.segment}) is unknown")
    row = rows.loc[claim.metric]
    notes = [f"the run is {run['status']}: {run['reason']}"] if run["status"] == "no_skill" else []
    beside = BESIDE.get(claim.metric)
    if beside in rows.index:
        notes.append(f"always saying no has {rows.loc[beside, 'value']:.4g}")
    ends, note = (row["ci_low"], row["ci_high"]), "; ".join(notes) or None
    return _against(claim, row["value"], ends, row["n"], "bootstrap over households", None, note)


def _note(row: dict) -> str | None:
    """The notes of a publishable value, such as that the age of its source is unknown."""
    return None if pd.isna(row["status_reason"]) else row["status_reason"]


def _number(value: object) -> float:
    return float("nan") if pd.isna(value) else float(value)
