"""Cox regression: known tables, known truths, and the reason where it cannot be fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.datasets import load_rossi

from customer_success.survival import Covariate, SurvivalSettings, SurvivalSpec, cox_fit

ROSSI = {
    "fin": -0.3794,
    "age": -0.0574,
    "race": 0.3139,
    "wexp": -0.1498,
    "mar": -0.4337,
    "paro": -0.0849,
    "prio": 0.0915,
}
SPEC = SurvivalSpec("id", "week", "arrest", tuple(Covariate(name) for name in ROSSI))
TRUTH = {"health": -0.5, "members": -0.2, "plan[Premium]": -0.7}
HOUSEHOLDS = SurvivalSpec(
    "household_id", "days", "churned", (Covariate("health"), Covariate("members"), Covariate("plan", "Free"))
)


@pytest.fixture(scope="module")
def rossi() -> pd.DataFrame:
    return load_rossi().reset_index(names="id")


def households(n: int, seed: int, plan_power: float = 1.0) -> pd.DataFrame:
    """Days to churn with hazard ratios exp(TRUTH), censored; ``plan_power`` not 1 bends time for Premium."""
    rng = np.random.default_rng(seed)
    health, members = rng.normal(size=n), rng.integers(1, 6, n)
    premium = rng.random(n) < 0.4
    log_hazard = TRUTH["health"] * health + TRUTH["members"] * members + TRUTH["plan[Premium]"] * premium
    power = np.where(premium, plan_power, 1.0)
    days = np.ceil((rng.exponential(size=n) / np.exp(log_hazard)) ** (1 / power) * 150)
    ends = rng.integers(50, 600, n)
    return pd.DataFrame(
        {
            "household_id": [f"h{i}" for i in range(n)],
            "days": np.minimum(days, ends),
            "churned": days <= ends,
            "health": health,
            "members": members,
            "plan": np.where(premium, "Premium", "Free"),
        }
    )


def by_covariate(found) -> pd.DataFrame:
    return found.summary.set_index("covariate")


def test_rossi_is_reproduced(rossi):
    found = cox_fit(rossi, SPEC)
    summary = by_covariate(found)
    for name, coefficient in ROSSI.items():
        assert summary.loc[name, "coefficient"] == pytest.approx(coefficient, abs=5e-5)
    assert summary.loc["fin", "hazard_ratio"] == pytest.approx(0.684, abs=5e-4)
    assert summary.loc["fin", ["ci_low", "ci_high"]].tolist() == pytest.approx([0.470, 0.996], abs=5e-4)
    assert summary.loc["prio", "p_value"] == pytest.approx(0.001, abs=5e-4)
    fit = found.fit.iloc[0]
    assert (fit.n, fit.events, fit.terms, fit.ties) == (432, 114, 7, "Efron")
    assert fit.concordance == pytest.approx(0.640, abs=5e-4)
    assert fit.likelihood_ratio == pytest.approx(33.27, abs=5e-3) and fit.likelihood_ratio_df == 7
    assert fit.aic == pytest.approx(1331.50, abs=5e-3)


def test_schoenfeld_finds_what_is_known_of_rossi(rossi):
    summary = by_covariate(cox_fit(rossi, SPEC))
    violated = summary.index[summary.ph_action == "reported as violated"]
    assert set(violated) == {"age", "wexp"} and (summary.drop(violated).ph_action == "holds").all()


def test_intervals_cover_the_truth():
    """50 tables of 400 households: a 95% interval covers 43 or more times with probability .995."""
    covered = dict.fromkeys(TRUTH, 0)
    for seed in range(50):
        summary = by_covariate(cox_fit(households(400, seed), HOUSEHOLDS))
        for name, truth in TRUTH.items():
            covered[name] += summary.loc[name, "ci_low"] <= np.exp(truth) <= summary.loc[name, "ci_high"]
    assert all(43 <= times <= 50 for times in covered.values()), covered
    assert 135 <= sum(covered.values()) < 150


def test_clock_from_the_landmark_is_delayed_entry(rossi):
    landmark = cox_fit(rossi, SPEC)
    late = rossi.assign(week=rossi.week + 90, entry=90)
    delayed = cox_fit(late, SurvivalSpec("id", "week", "arrest", SPEC.covariates, entry="entry"))
    pd.testing.assert_frame_equal(landmark.summary, delayed.summary, rtol=1e-8)
    pd.testing.assert_frame_equal(landmark.fit, delayed.fit, rtol=1e-8)
    ignored = cox_fit(late, SurvivalSpec("id", "week", "arrest", SPEC.covariates))
    pd.testing.assert_frame_equal(landmark.summary, ignored.summary, rtol=1e-8)


def test_entry_on_different_days_corrects_immortal_time():
    """Households are seen only once they reach their entry; the coefficient is found only with it."""
    rng = np.random.default_rng(0)
    table = households(3000, seed=1)
    # healthier households are observed later, so their early churn is never seen
    table["entry"] = np.where(table.health > 0, rng.integers(60, 120, len(table)), 0)
    table = table[table.days > table.entry]
    spec = SurvivalSpec("household_id", "days", "churned", HOUSEHOLDS.covariates, entry="entry")
    right, wrong = by_covariate(cox_fit(table, spec)), by_covariate(cox_fit(table, HOUSEHOLDS))
    truth = np.exp(TRUTH["health"])
    assert right.loc["health", "ci_low"] < truth < right.loc["health", "ci_high"]
    assert wrong.loc["health", "ci_high"] < truth
    assert (right.ph_action == "not tested: delayed entry").all()


def test_a_plan_with_another_course_of_time_becomes_a_stratum():
    found = cox_fit(households(3000, seed=2, plan_power=2.0), HOUSEHOLDS)
    summary = by_covariate(found)
    assert summary.loc["plan[Premium]", "ph_action"] == "stratified"
    assert summary.loc["plan[Premium]", "ph_p_value"] < 1e-6
    assert np.isnan(summary.loc["plan[Premium]", "hazard_ratio"])
    assert found.fit.strata[0] == "plan"
    assert set(found.model.baselines) == {("Free",), ("Premium",)}
    assert set(summary.loc[["health", "members"], "ph_action"]) == {"holds"}


def test_proportional_hazards_are_left_alone():
    stratified = [cox_fit(households(600, seed), HOUSEHOLDS).fit.strata[0] for seed in range(10)]
    assert sum(strata is not None for strata in stratified) <= 2


def test_the_only_covariate_is_reported_not_stratified():
    spec = SurvivalSpec("household_id", "days", "churned", (Covariate("plan", "Free"),))
    summary = by_covariate(cox_fit(households(3000, seed=2, plan_power=2.0), spec))
    assert summary.loc["plan[Premium]", "ph_action"] == "reported as violated"
    assert summary.loc["plan[Premium]", "hazard_ratio"] > 0


def test_the_test_is_made_on_a_seeded_sample():
    table = households(500, seed=3, plan_power=2.0)
    settings = SurvivalSettings(test_rows=250)
    one, two = (by_covariate(cox_fit(table, HOUSEHOLDS, settings=settings)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    whole = by_covariate(cox_fit(table, HOUSEHOLDS))
    assert (one.ph_p_value != whole.ph_p_value).all()
    assert one.loc["health", "coefficient"] == whole.loc["health", "coefficient"]


def test_few_events_drop_the_last_covariates_or_everything():
    table = households(400, seed=4)
    first = table.index[table.churned]
    few = table[~table.churned | table.index.isin(first[:25])]
    found = cox_fit(few, HOUSEHOLDS)
    summary = by_covariate(found)
    assert found.fit.terms[0] == 2 and found.fit.events[0] == 25
    assert summary.loc["plan", "note"] == "dropped: 25 events, 3 terms would need 30"
    hardly = table[~table.churned | table.index.isin(first[:9])]
    nothing = cox_fit(hardly, HOUSEHOLDS)
    assert nothing.status == "not_fitted" and nothing.model is None
    assert nothing.reason.startswith("9 events") and set(nothing.summary.covariate) == {
        "health",
        "members",
        "plan",
    }
    assert cox_fit(table[:0], HOUSEHOLDS).status == "not_fitted"


def test_exactly_ten_events_per_covariate_are_enough():
    table = households(400, seed=4)
    some = table[~table.churned | table.index.isin(table.index[table.churned][:30])]
    assert cox_fit(some, HOUSEHOLDS).fit.terms[0] == 3


def test_columns_that_cannot_be_estimated_are_dropped_and_reported():
    table = households(600, seed=5).assign(always=3, never=None)
    table["twice_health"] = 2 * table.health + 1
    extra = tuple(Covariate(name) for name in ("always", "never", "twice_health"))
    spec = SurvivalSpec("household_id", "days", "churned", (*HOUSEHOLDS.covariates, *extra))
    found = cox_fit(table, spec)
    notes = by_covariate(found).note
    assert notes["always"] == "dropped: constant"
    assert notes["never"] == "dropped: unknown throughout"
    assert notes["twice_health"] == "dropped: determined by the covariates before it"
    plain = by_covariate(cox_fit(table, HOUSEHOLDS))
    assert by_covariate(found).loc["health", "coefficient"] == plain.loc["health", "coefficient"]


def test_a_category_without_events_has_no_hazard_ratio():
    table = households(600, seed=6)
    table.loc[table.index[:40], "plan"] = "Enterprise"
    table.loc[table.index[:40], "churned"] = False
    found = cox_fit(table, HOUSEHOLDS)
    assert by_covariate(found).loc["plan[Enterprise]", "note"].startswith("no event among 40")
    assert found.fit.n[0] == 560
    swapped = SurvivalSpec(
        "household_id", "days", "churned", (Covariate("health"), Covariate("plan", "Enterprise"))
    )
    instead = by_covariate(cox_fit(table, swapped))
    assert instead.loc["plan[Enterprise]", "note"] == "no event: compared with 'Free' instead"
    assert instead.loc["plan[Premium]", "hazard_ratio"] < 1


def test_complete_separation_is_dropped_and_reported():
    table = households(600, seed=7)
    table["knows"] = np.where(table.churned, 0.0, np.arange(600) % 2)
    spec = SurvivalSpec("household_id", "days", "churned", (*HOUSEHOLDS.covariates, Covariate("knows")))
    found = by_covariate(cox_fit(table, spec))
    assert found.loc["knows", "note"].startswith("dropped: separates")
    assert np.isfinite(found.loc["health", "hazard_ratio"])


def test_rows_with_unknown_covariates_are_left_out():
    table = households(600, seed=8)
    table.loc[:49, "health"] = np.nan
    assert cox_fit(table, HOUSEHOLDS).fit.n[0] == 550


def test_a_later_cohort_tests_and_does_not_train():
    early, later = households(800, seed=9), households(300, seed=10)
    alone, tested = cox_fit(early, HOUSEHOLDS), cox_fit(early, HOUSEHOLDS, later=later)
    pd.testing.assert_frame_equal(alone.summary, tested.summary)
    row = tested.fit.iloc[0]
    assert (row.later_n, row.later_events) == (300, int(later.churned.sum()))
    assert 0.6 < row.later_concordance < 0.9 and row.later_concordance != row.concordance
    reversed_ = later.assign(health=-later.health, members=6 - later.members)
    reversed_["plan"] = np.where(later.plan == "Free", "Premium", "Free")
    assert cox_fit(early, HOUSEHOLDS, later=reversed_).fit.later_concordance[0] < 0.4


def test_concordance_is_that_of_lifelines_with_strata_too():
    table = households(800, seed=2, plan_power=2.5)
    found = cox_fit(table, HOUSEHOLDS)
    assert found.fit.strata[0] == "plan"
    frame = table.drop(columns="household_id").assign(churned=table.churned.astype(int))
    other = CoxPHFitter().fit(frame, "days", "churned", strata=["plan"])
    assert found.fit.concordance[0] == pytest.approx(other.concordance_index_, abs=1e-9)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("days", -1, "negative"),
        ("days", 0, "event at entry"),
        ("days", np.inf, "infinite"),
        ("days", np.nan, "null"),
        ("churned", None, "null"),
        ("churned", "maybe", "not yes or no"),
        ("health", -np.inf, "infinite"),
        ("household_id", "h1", "repeated"),
        ("household_id", None, "null"),
    ],
)
def test_tables_that_cannot_be_analysed_are_refused_by_column(column, value, words):
    table = households(50, seed=0).astype({"churned": object, "household_id": object})
    table.loc[0, "churned"] = True
    table.loc[0, column] = value
    with pytest.raises(ValueError, match=rf"'{column}'.*{words}"):
        cox_fit(table, HOUSEHOLDS)


def test_missing_columns_and_text_for_numbers_are_refused():
    table = households(50, seed=0)
    with pytest.raises(ValueError, match="'plan' is missing"):
        cox_fit(table.drop(columns="plan"), HOUSEHOLDS)
    with pytest.raises(ValueError, match="'health' does not hold numbers"):
        cox_fit(table.assign(health="good"), HOUSEHOLDS)
    spec = SurvivalSpec("household_id", "days", "churned", HOUSEHOLDS.covariates, entry="entry")
    with pytest.raises(ValueError, match="'days' is before entry"):
        cox_fit(table.assign(entry=10_000), spec)


def test_households_that_joined_today_are_left_out():
    table = households(500, seed=11)
    today = table[:20].assign(household_id=[f"t{i}" for i in range(20)], days=0, churned=False)
    with_today = cox_fit(pd.concat([table, today]), HOUSEHOLDS)
    pd.testing.assert_frame_equal(cox_fit(table, HOUSEHOLDS).fit, with_today.fit)
