"""Kaplan-Meier curves by hand, and the log-rank test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from customer_success.survival import SurvivalSpec, survival_curves

SPEC = SurvivalSpec("id", "days", "churned", group="plan")


def table(days, churned, plan) -> pd.DataFrame:
    return pd.DataFrame({"id": range(len(days)), "days": days, "churned": churned, "plan": plan})


def test_curve_by_hand():
    found = survival_curves(table([1, 2, 2, 3, 5], [1, 1, 0, 1, 0], "Free"), SPEC).curves
    assert found.day.tolist() == [0, 1, 2, 3, 5]
    assert found.survival.tolist() == pytest.approx([1, 4 / 5, 4 / 5 * 3 / 4, 3 / 5 / 2, 3 / 10])
    assert found.at_risk.tolist() == [5, 5, 4, 2, 1]
    # exponential Greenwood on day 1: variance 1 / (5 * 4)
    half = 1.959964 * np.sqrt(1 / 20) / np.log(4 / 5)
    limits = 0.8 ** np.exp(np.array([-half, half]))
    assert found.loc[1, ["ci_low", "ci_high"]].tolist() == pytest.approx(sorted(limits), abs=1e-6)


def test_intervals_cover_the_true_curve():
    covered = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        days, ends = np.ceil(rng.exponential(100, 150)), rng.integers(20, 300, 150)
        curve = survival_curves(table(np.minimum(days, ends), days <= ends, "Free"), SPEC).curves
        row = curve[curve.day <= 60].iloc[-1]
        covered += row.ci_low <= np.exp(-0.6) <= row.ci_high
    assert covered >= 53  # probability .99 at 95%, and the seeds are fixed


def test_delayed_entry_counts_only_those_under_observation():
    late = table([4, 6, 8], [1, 1, 1], "Free").assign(entry=[0, 5, 2])
    spec = SurvivalSpec("id", "days", "churned", group="plan", entry="entry")
    found = survival_curves(late, spec).curves.set_index("day")
    assert found.loc[4, "survival"] == pytest.approx(1 / 2)  # two of three are there on day 4
    assert found.loc[6, "survival"] == pytest.approx(1 / 4)


def test_groups_differ_or_not():
    rng = np.random.default_rng(0)
    plan = rng.choice(["Enterprise", "Free", "Premium"], 900)
    same = np.ceil(rng.exponential(100, 900))
    other = np.ceil(same * np.where(plan == "Premium", 2, 1))
    for days, differ in ((same, False), (other, True)):
        found = survival_curves(table(days, True, plan), SPEC)
        assert found.curves.group.unique().tolist() == ["Enterprise", "Free", "Premium"]
        row = found.log_rank.iloc[0]
        assert row.degrees_of_freedom == 2 and (row.p_value < 0.001) == differ
        assert (row.n, row.events, row.note) == (900, 900, None)


def test_log_rank_by_hand():
    """Two households a group, all events apart: sum of (observed - expected) and of its variance."""
    found = survival_curves(table([1, 3, 2, 4], True, ["a", "a", "b", "b"]), SPEC).log_rank
    expected = 2 / 4 + 1 / 3 + 1 / 2
    variance = 1 / 4 + 2 / 9 + 1 / 4
    assert found.statistic[0] == pytest.approx((2 - expected) ** 2 / variance)


@pytest.mark.parametrize(
    ("churned", "plan", "words"),
    [(True, "Free", "fewer than two groups"), (False, ["a", "a", "b", "b"], "no events")],
)
def test_undefined_tests_say_why(churned, plan, words):
    row = survival_curves(table([1, 2, 3, 4], churned, plan), SPEC).log_rank.iloc[0]
    assert np.isnan(row.p_value) and words in row.note


def test_unknown_groups_are_left_out_and_counted():
    found = survival_curves(table([1, 2, 3, 4], True, ["a", "a", "b", None]), SPEC)
    assert found.log_rank.n[0] == 3 and found.log_rank.note[0] == "1 households of unknown group left out"
    assert survival_curves(table([1, 2], True, None), SPEC).curves.empty


def test_arrow_is_read_as_pandas():
    frame = table([1, 2, 3, 4], [True, False, True, True], ["a", "b", "a", "b"])
    one, two = survival_curves(frame, SPEC), survival_curves(pa.Table.from_pandas(frame), SPEC)
    pd.testing.assert_frame_equal(one.curves, two.curves)


def test_curves_need_a_group():
    with pytest.raises(ValueError, match=r"spec\.group"):
        survival_curves(table([1], True, "a"), SurvivalSpec("id", "days", "churned"))


def test_there_is_no_interval_where_none_or_all_have_left():
    found = survival_curves(table([3, 5, 5], [0, 1, 1], "Free"), SPEC).curves.set_index("day")
    assert found.survival.tolist() == [1, 1, 0]
    assert found[["ci_low", "ci_high"]].isna().all(axis=None)
