"""Compares values, samples, intervals and p-values of a verdict with what is published."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

from customer_success.recount.claim_periods import Days
from customer_success.recount.claim_tests import KINDS, TOTAL, Change, change, relative

INSUFFICIENT = "insufficient_evidence"
# The interval of a change of money is resampled: its ends may lie this share of the linearised interval's
# width away. Measured on 69 changes of quarters of the demo data: at most .05.
ENDS_OF_MONEY = 0.25
# A permutation may find a change this many standard errors clearer than the linearised test; measured on the
# same: at most .21. It often finds less where households of only one period differ from others.
MONEY_Z = 0.5
PERMUTATIONS = 2000  # of `compare_money`: its p-values are whole multiples of 1 / (1 + PERMUTATIONS)


class Evidence:
    """The published values, and the households behind them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection
        metrics = connection.sql("from intermediate.int_metric_definitions").df()
        self.metrics = {row["metric"]: row for row in metrics.to_dict("records")}

    def published(self, row: dict, days: Days | None) -> dict | None:
        """The published row of a claim's metric and segment; None where there is none."""
        if days is None:
            return None
        kind, _, segment = row["segment"].partition(":")
        found = self._connection.execute(
            "select value, sample_size, ci_low, ci_high, numerator, denominator"
            " from analytics.published_metrics where metric = ? and period_grain = ? and period_start = ?"
            " and period_end = ? and segment_type = ? and segment = ?",
            [row["metric"], days.grain, days.start, days.end, kind, segment or kind],
        ).df()
        return None if found.empty else found.astype("float64").iloc[0].to_dict()

    def households(self, row: dict, a: Days, b: Days) -> pd.DataFrame:
        """Columns y_a, x_a, y_b, x_b: a row per household that is in a period, NaN where it is not."""
        sides = [self._of_period(row, days, side) for days, side in ((a, "a"), (b, "b"))]
        return sides[0].merge(sides[1], on="household_id", how="outer")

    def _of_period(self, row: dict, days: Days, side: str) -> pd.DataFrame:
        metric = self.metrics[row["metric"]]
        x, y = metric["denominator"], metric["numerator"]
        if x == "period_days":
            y = f"{y} / period_days"
        x = "1" if is_total(metric) else x
        kind, _, segment = row["segment"].partition(":")
        where = "true" if kind == "all" else f"coalesce({kind}, 'unknown') = $segment"
        scope = {"grain": days.grain, "start": days.start} | ({} if kind == "all" else {"segment": segment})
        return self._connection.execute(
            f"select household_id, cast({y} as double) as y_{side}, cast({x} as double) as x_{side}"
            f" from intermediate.{metric['family']} where period_grain = $grain and period_start = $start"
            f" and {where} and {y} is not null and {x} is not null and ({y} <> 0 or {x} <> 0)",
            scope,
        ).df()

    def of_model(self, row: dict) -> dict | None:
        """The measure of the selected model of the current run; None where there is none."""
        found = self._connection.execute(
            "select m.value, m.n, m.ci_low, m.ci_high from analytics.ml_model_metrics as m"
            " inner join analytics.ml_model_runs as r"
            " on m.model_run_id = r.model_run_id and m.model = r.selected_model"
            " where r.is_current and m.metric = ? and m.split = ? and m.population = ?"
            " order by r.as_of_date desc limit 1",
            [row["metric"], row["period_a"], row["segment"]],
        ).df()
        return None if found.empty else found.astype("float64").iloc[0].to_dict()


def is_total(metric: dict) -> bool:
    """Whether a metric has no denominator of its households."""
    return pd.isna(metric["denominator"]) or metric["denominator"] == "period_days"


def check_level(row: dict, days: Days | None, evidence: Evidence) -> list[str]:
    """One period: value, sample and interval are the published ones, less the claimed value."""
    published = evidence.published(row, days)
    if published is None:
        return _undecided(row, f"{row['metric']} in {row['period_a']} is not published", "a")
    return _against(row, published["value"], published["sample_size"], published)


def check_model(row: dict, evidence: Evidence) -> list[str]:
    """A measure of the model: value, sample and interval are those of its test."""
    found = evidence.of_model(row)
    if found is None or pd.isna(found["value"]):
        return _undecided(row, f"the model has no {row['metric']} on {row['period_a']}", "a")
    return _against(row, found["value"], found["n"], found)


def check_change(row: dict, a: Days | None, b: Days | None, evidence: Evidence) -> list[str]:
    """Two periods: both are published, and difference, interval and p-value are those of their households."""
    sides = [evidence.published(row, days) for days in (a, b)]
    found, missing = [], ""
    for side, published in zip("ab", sides, strict=True):
        if published is None:
            missing += side
            continue
        found += _same(f"value {side}", row[f"value_{side}"], published["value"])
        found += _same(f"sample {side}", row[f"n_{side}"], published["sample_size"])
    if missing:
        periods = " and ".join(row[f"period_{side}"] for side in missing)
        return found + _undecided(row, f"{row['metric']} in {periods} is not published", missing)
    metric = evidence.metrics[row["metric"]]
    row["direction"] = metric["direction"]
    kind = TOTAL if is_total(metric) else KINDS[metric["ci_method"]]
    households = evidence.households(row, a, b)
    second = change(kind, households)
    for side, counted, published in (("a", second.a, sides[0]), ("b", second.b, sides[1])):
        found += _same(f"value {side} of its households", counted, published["value"], 1e-6)
    found += _p_value(row, kind, second, households)
    if row["scale"] == "relative":
        difference, low, high = relative(households, kind)
        found += _same("relative change", row["difference"], difference)
        return found + _ends(row, low, high, 1e-6)
    found += _same("difference", row["difference"], sides[1]["value"] - sides[0]["value"])
    return found + _ends(row, second.low, second.high, 1e-6 if second.exact else ENDS_OF_MONEY)


def _against(row: dict, value: float, n: float, ends: dict) -> list[str]:
    claimed = row["claimed_value"]
    found = _same("value a", row["value_a"], value) + _same("sample a", row["n_a"], n)
    found += _same("difference", row["difference"], value - claimed)
    for end in ("ci_low", "ci_high"):
        found += _same(end, row[end], ends[end] - claimed)
    if not pd.isna(row["p_value"]):
        found.append(f"has a p-value of {row['p_value']:.3g}, and it is no comparison")
    return found


def _p_value(row: dict, kind: str, second: Change, households: pd.DataFrame) -> list[str]:
    p = row["p_value"]
    if pd.isna(p) or pd.isna(second.p):
        if pd.isna(p) and row["verdict"] != INSUFFICIENT:
            return [f"is {row['verdict']} without a p-value"]
        return []
    if second.exact:
        return _same("p-value", p, second.p)
    drawn = p * (1 + PERMUTATIONS)
    if abs(drawn - round(drawn)) > 1e-6:
        return [f"p {p:.6g} is no share of {PERMUTATIONS} permutations"]
    clearer = stats.norm.isf(p / 2) - stats.norm.isf(second.p / 2)
    if clearer > MONEY_Z:
        return [f"p is {p:.3g}; the linearised test of {len(households)} households gives {second.p:.3g}"]
    return []


def _ends(row: dict, low: float, high: float, share: float) -> list[str]:
    """Ends of the interval within a share of its width of those computed a second time."""
    if pd.isna(low) or (pd.isna(row["ci_low"]) and share == ENDS_OF_MONEY):
        return []
    if pd.isna(row["ci_low"]) or pd.isna(row["ci_high"]):
        return ["has a change without an interval"]
    room = share * max(high - low, 1e-12)
    if abs(row["ci_low"] - low) <= room and abs(row["ci_high"] - high) <= room:
        return []
    return [
        f"interval of the change is {row['ci_low']:.6g} to {row['ci_high']:.6g}, a second time"
        f" {low:.6g} to {high:.6g}"
    ]


def _same(what: str, stated: float, found: float, tolerance: float = 1e-7) -> list[str]:
    stated = np.nan if pd.isna(stated) else float(stated)
    if np.isclose(stated, found, rtol=tolerance, atol=1e-9, equal_nan=True):
        return []
    return [f"{what} is {stated:.6g} in the verdict, and {found:.6g}"]


def _undecided(row: dict, why: str, sides: str) -> list[str]:
    """A verdict without evidence is that; it shows no figure of a side that has none, and no change."""
    figures = [*(f"value_{side}" for side in sides), "difference", "ci_low", "ci_high", "p_value"]
    found = [f"{name} is {row[name]:.6g}, though {why}" for name in figures if not pd.isna(row[name])]
    return found if row["verdict"] == INSUFFICIENT else [f"is {row['verdict']}, though {why}", *found]
