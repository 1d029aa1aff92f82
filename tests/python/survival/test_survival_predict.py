"""What remains given survival so far: against lifelines, by hand, and where nothing is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from test_survival_cox import HOUSEHOLDS, households

from customer_success.survival import Covariate, SurvivalSettings, SurvivalSpec, cox_fit, predict_remaining
from customer_success.survival.model import breslow_baseline
from customer_success.survival.table import read_durations


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return households(1500, seed=20)


@pytest.fixture(scope="module")
def found(table):
    return cox_fit(table, HOUSEHOLDS)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return households(200, seed=21).assign(days=rng.integers(0, 250, 200), churned=False)


def test_predictions_are_those_of_lifelines(table, found, customers):
    def frame(part):
        return part.assign(plan=(part.plan == "Premium").astype(int)).drop(columns="household_id")

    other = CoxPHFitter().fit(frame(table).astype({"churned": int}), "days", "churned")
    mine = predict_remaining(found, customers, HOUSEHOLDS)
    customers = customers.sort_values("household_id", ignore_index=True)
    curves = other.predict_survival_function(
        frame(customers).drop(columns=["days", "churned"]),
        times=np.arange(0, 1000),
        conditional_after=customers.days.to_numpy(),
    ).to_numpy()
    for days in (30, 90):
        known = mine[f"survival_{days}d"].notna()
        # lifelines draws straight lines between days with events, here the curve is a step
        np.testing.assert_allclose(mine[f"survival_{days}d"][known], curves[days, known], rtol=0.01)
        assert (known == (customers.days + days <= table.days.max())).all()
    reached = mine.median_days_remaining.notna()
    assert reached.any() and not reached.all()
    for row in np.flatnonzero(reached):
        assert abs(mine.median_days_remaining[row] - np.argmax(curves[:, row] <= 0.5)) <= 3


def test_the_median_is_the_first_day_at_one_half_or_below(found, customers):
    mine = predict_remaining(found, customers, HOUSEHOLDS).dropna(subset="median_days_remaining")
    for household, median in mine.set_index("household_id").median_days_remaining[:5].items():
        around = SurvivalSettings(horizons=(int(median) - 1, int(median)))
        one = customers[customers.household_id == household]
        before, after = predict_remaining(found, one, HOUSEHOLDS, around).iloc[0, 2:4]
        assert after <= 0.5 < before


def test_baseline_is_that_of_lifelines(table):
    data = read_durations(table, HOUSEHOLDS)
    mine = breslow_baseline(data, np.zeros(len(data)))
    days = np.unique(data.duration[data.event])
    at_risk = np.array([(data.duration >= day).sum() for day in days])
    events = np.array([(data.event & (data.duration == day)).sum() for day in days])
    np.testing.assert_allclose(mine.hazard, np.cumsum(events / at_risk))
    np.testing.assert_array_equal(mine.days, days)
    assert mine.at(np.array([0.0])) == 0 and mine.last_day == data.duration.max()


def test_baseline_counts_only_entered_households():
    late = pd.DataFrame({"id": [1, 2, 3], "d": [4, 6, 8], "e": True, "x": 0.0, "entry": [0, 5, 2]})
    data = read_durations(late, SurvivalSpec("id", "d", "e", (Covariate("x"),), entry="entry"))
    assert breslow_baseline(data, np.zeros(3)).hazard.tolist() == pytest.approx([0.5, 1.0, 2.0])


def test_a_median_by_hand():
    """A constant hazard forgets: after any stay, one half leaves within log 2 / hazard."""
    rng = np.random.default_rng(2)
    days = rng.exponential(100, 4000)
    frame = pd.DataFrame({"id": range(4000), "days": days, "churned": True, "x": rng.integers(0, 2, 4000)})
    spec = SurvivalSpec("id", "days", "churned", (Covariate("x"),))
    fit = cox_fit(frame, spec)
    stayed = pd.DataFrame({"id": range(3), "days": [0, 50, 150], "churned": False, "x": 0})
    mine = predict_remaining(fit, stayed, spec)
    assert mine.median_days_remaining.tolist() == pytest.approx([100 * np.log(2)] * 3, rel=0.1)
    assert mine.survival_30d.tolist() == pytest.approx([np.exp(-0.3)] * 3, abs=0.03)


def test_nothing_is_invented(found, customers):
    rows = customers[:7].reset_index(drop=True).astype({"days": float})
    rows["household_id"] = list("abcdefg")
    rows["health"] = [0.0, 0.0, np.nan, 0.0, 9.0, 0.0, 0.0]
    rows["days"] = [-5, 10, 10, 10_000, 10, np.nan, 10]
    rows["churned"] = [False, True, False, False, False, False, False]
    rows.loc[6, "plan"] = "Enterprise"
    mine = predict_remaining(found, rows, HOUSEHOLDS).set_index("household_id")
    assert mine.loc[["a", "b", "c", "d", "f", "g"]].drop(columns="note").isna().all(axis=None)
    assert mine.note["a"] == mine.note["f"] == "before the landmark"
    assert mine.note["b"] == "has churned"
    assert mine.note["c"] == mine.note["g"] == "a covariate is unknown or was not in the fit"
    assert mine.note["d"] == "stayed longer than any household observed"
    assert "does not reach one half by day" in mine.note["e"]
    assert np.isnan(mine.loc["e", "median_days_remaining"]) and mine.loc["e", "survival_30d"] > 0.9


def test_horizons_beyond_observation_are_unknown(table, found, customers):
    last = int(table.days.max())
    rows = customers[:2].assign(days=[last - 90, last - 89])
    mine = predict_remaining(found, rows, HOUSEHOLDS)
    assert mine.survival_90d.notna().tolist() == [True, False]
    assert mine.note.notna().all()


def test_strata_have_their_own_curves(customers):
    fit = cox_fit(households(3000, seed=2, plan_power=2.0), HOUSEHOLDS)
    assert fit.model.strata == ("plan",)
    same = customers.assign(health=0.0, members=1, days=10)
    mine = predict_remaining(fit, same, HOUSEHOLDS).merge(customers[["household_id", "plan"]])
    assert (mine.groupby("plan").survival_90d.nunique() == 1).all()
    assert mine.survival_90d.nunique() == 2
    elsewhere = predict_remaining(fit, same.assign(plan="Enterprise"), HOUSEHOLDS)
    assert elsewhere.survival_30d.isna().all() and elsewhere.note.notna().all()


def test_without_a_model_there_are_no_rows(customers):
    nothing = cox_fit(households(10, seed=0), HOUSEHOLDS)
    found = predict_remaining(nothing, customers, HOUSEHOLDS, SurvivalSettings(horizons=(7,)))
    assert found.empty
    assert list(found.columns) == ["household_id", "median_days_remaining", "survival_7d", "note"]


def test_entry_and_group_are_not_asked_of_customers(found, customers):
    spec = SurvivalSpec("household_id", "days", "churned", HOUSEHOLDS.covariates, entry="entry", group="g")
    assert len(predict_remaining(found, customers, spec)) == 200
