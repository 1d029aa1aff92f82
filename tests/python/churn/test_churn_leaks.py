"""Features that contain the outcome are found, and ordinary ones are not reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from churn_panels import SPEC, panel

from customer_success.churn import LeakLimits, leak_check


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return panel(1500, 10, seed=4)


def noisy(label: pd.Series, share: float, seed: int = 0) -> pd.Series:
    flip = np.random.default_rng(seed).random(len(label)) < share
    return label ^ flip


PLANTED = {
    "the label": lambda t: t.churned_next_30d,
    "the label as text": lambda t: t.churned_next_30d.map({True: "gone", False: "here"}),
    "the label with noise": lambda t: t.churned_next_30d + np.random.default_rng(0).normal(0, 0.1, len(t)),
    "the label, one in fifty wrong": lambda t: noisy(t.churned_next_30d, 0.02),
    "the label in the middle of a range": lambda t: np.where(
        t.churned_next_30d, 0.5, np.random.default_rng(1).choice([0.0, 1.0], len(t))
    ),
    "days until it left": lambda t: t.days_to_left,
    "the day it left": lambda t: t.snapshot_date + pd.to_timedelta(t.days_to_left, unit="D"),
    "known only of half of those who left": lambda t: t.churned_next_30d & (np.arange(len(t)) % 2 == 0),
}


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_planted_leaks_are_found(table, name, kind):
    planted = table.assign(planted=PLANTED[name](table))
    if kind == "arrow":
        planted = pa.Table.from_pandas(planted, preserve_index=False)
    report = leak_check(planted, SPEC)
    assert report.findings.feature.tolist() == ["planted"]


def test_dates_after_the_snapshot_are_reported(table):
    report = leak_check(table.assign(planted=PLANTED["the day it left"](table)), SPEC)
    assert "dates after the snapshot" in report.findings.reason[0]
    harmless = table.assign(signed_up=table.snapshot_date - pd.Timedelta(days=100))
    assert leak_check(harmless, SPEC).findings.empty


@pytest.mark.parametrize("seed", range(5))
def test_an_ordinary_table_is_not_accused(seed):
    report = leak_check(panel(600, 10, seed=50 + seed), SPEC)
    assert report.findings.empty and report.note is None


def test_a_strong_but_honest_feature_is_not_accused(table):
    rng = np.random.default_rng(3)
    strong = table.churned_next_30d * 2.3 + rng.normal(size=len(table))  # AUC about .95
    assert leak_check(table.assign(strong=strong), SPEC).findings.empty


def test_a_table_of_one_moment_is_checked_by_halves_of_households():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"id": np.arange(2000), "y": rng.random(2000) < 0.2, "x": rng.normal(size=2000)})
    spec = SPEC.__class__("id", "y")
    assert leak_check(table, spec).findings.empty
    assert leak_check(table.assign(copy=table.y), spec).findings.feature.tolist() == ["copy"]


def test_too_few_churners_are_reported_and_nothing_else():
    report = leak_check(panel(30, 10, seed=1), SPEC)
    assert report.findings.empty and "under 20 positive rows" in report.note


@pytest.mark.parametrize("rule", ["auc", "information", "certain_share"])
def test_each_rule_alone_finds_the_label(table, rule):
    others = {name: 2.0 for name in ("auc", "information", "certain_share") if name != rule}
    found = leak_check(table.assign(planted=table.churned_next_30d), SPEC, LeakLimits(**others))
    assert found.findings.feature.tolist() == ["planted"]
    everything_allowed = LeakLimits(**{**others, rule: 2.0})
    assert leak_check(table.assign(planted=table.churned_next_30d), SPEC, everything_allowed).findings.empty
