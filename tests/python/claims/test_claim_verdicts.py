"""The verdict on a claim, from the ledger, from households in two periods, and from the model's test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from claim_data import AS_OF, RUN, claim, evidence, ledger_row, model_rows, two_months
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from customer_success.claims import COLUMNS, Contradiction, Data, MalformedClaim, read_claims, verdicts_on
from customer_success.claims.change import COLUMNS as CHANGE_COLUMNS


def verdict_of(one, data) -> pd.Series:
    return verdicts_on([one], data, alpha=0.05, seed=7, widest=1.0).iloc[0]


@pytest.mark.parametrize(
    ("comparison", "claimed", "tolerance", "verdict"),
    [
        ("at_least", 19.9, 0, "supported"),
        ("at_least", 25, 0, "insufficient_evidence"),
        ("at_least", 40.1, 0, "refuted"),
        ("at_most", 40.1, 0, "supported"),
        ("at_most", 35, 0, "insufficient_evidence"),
        ("at_most", 19.9, 0, "refuted"),
        ("equals", 30, 10.1, "supported"),
        ("equals", 30, 0, "insufficient_evidence"),
        ("equals", 30, 9, "insufficient_evidence"),
        ("equals", 50, 9, "refuted"),
        ("equals", 10, 9, "refuted"),
    ],
)
def test_a_figure_is_compared_with_the_interval(comparison, claimed, tolerance, verdict):
    data = evidence([ledger_row("nps", "2026-06-01", 30, 20, 40, 200)])
    found = verdict_of(claim(comparison=comparison, claimed_value=claimed, tolerance=tolerance), data)
    assert found.verdict == verdict
    assert (found.value_a, found.n_a, found.test) == (30, 200, "adjusted_wald interval")
    assert (found.difference, found.ci_low, found.ci_high) == pytest.approx(
        (30 - claimed, 20 - claimed, 40 - claimed)
    )
    assert pd.isna(found.value_b) and pd.isna(found.p_value) and pd.isna(found.n_b)


@settings(max_examples=60)
@given(st.floats(-100, 100), st.floats(0, 50), st.floats(-99, 99), st.floats(0, 50))
def test_a_claim_and_its_opposite_are_never_both_supported(value, half, claimed, tolerance):
    data = evidence([ledger_row("nps", "2026-06-01", value, value - half, value + half, 99)])
    fields = {name: claim(comparison=name, claimed_value=claimed) for name in ("at_least", "at_most")}
    high, low = (verdict_of(fields[name], data).verdict for name in ("at_least", "at_most"))
    assert (high == "refuted") <= (low == "supported") and (low == "refuted") <= (high == "supported")
    equal = verdict_of(claim(comparison="equals", claimed_value=claimed, tolerance=tolerance), data).verdict
    if "refuted" in (high, low) and tolerance == 0:
        assert equal == "refuted"


@pytest.mark.parametrize(
    ("fields", "row", "reason"),
    [
        (
            {},
            {"status": "insufficient_sample", "status_reason": "12 under 30"},
            "2026-06: insufficient_sample, 12",
        ),
        ({}, {"status": "stale", "status_reason": None}, "2026-06: stale"),
        ({"period_a": "2026-07"}, {}, "2026-07 is not complete on 2026-06-30"),
        ({"period_a": "2026-05"}, {}, "no value of nps in 2026-05"),
        ({"segment": "plan_type:Free"}, {}, "no value of nps in 2026-06 for plan_type:Free"),
        ({"period_a": "recently"}, {}, "'recently' is no period"),
        ({"metric": "happiness"}, {}, "no metric happiness"),
        ({}, {"ci_low": np.nan, "ci_high": np.nan}, "no interval"),
    ],
)
def test_without_evidence_there_is_no_verdict(fields, row, reason):
    data = evidence([ledger_row("nps", "2026-06-01", 30, 20, 40, 200, **row)])
    found = verdict_of(claim(claimed_value=0, **fields), data)
    assert found.verdict == "insufficient_evidence" and reason in found.reason


def test_a_withheld_value_is_not_shown():
    data = evidence([ledger_row("nps", "2026-06-01", 30, 20, 40, 12, status="insufficient_sample")])
    found = verdict_of(claim(claimed_value=0), data)
    assert found[["value_a", "difference", "ci_low", "ci_high"]].isna().all() and found.n_a == 12


def test_the_note_of_a_value_is_the_note_of_the_verdict():
    row = ledger_row("nps", "2026-06-01", 30, 20, 40, 200, status_reason="freshness of survey unknown")
    assert "freshness of survey unknown" in verdict_of(claim(claimed_value=0), evidence([row])).reason


def test_a_segment_is_found_by_type_and_name():
    row = ledger_row("nps", "2026-06-01", 30, 20, 40, 200, segment_type="plan_type", segment="Free")
    assert (
        verdict_of(claim(claimed_value=0, segment="plan_type:Free"), evidence([row])).verdict == "supported"
    )


@pytest.mark.parametrize(
    ("metric", "comparison", "verdict"),
    [
        ("nps", "improved", "supported"),
        ("nps", "declined", "refuted"),
        ("nps", "differs", "supported"),
        ("household_churn_rate", "improved", "refuted"),
        ("household_churn_rate", "declined", "supported"),
    ],
)
def test_a_rise_is_better_or_worse_by_the_metric(metric, comparison, verdict):
    a, b = np.repeat([1, 0], (40, 160)), np.repeat([1, 0], (90, 110))
    found = verdict_of(
        claim(metric=metric, comparison=comparison, period_a="2026-05", period_b="2026-06"),
        two_months(metric, a, b),
    )
    assert found.verdict == verdict
    assert found.difference == pytest.approx(0.25 * (100 if metric == "nps" else 1))
    assert (found.n_a, found.n_b) == (200, 200)


def test_the_p_value_is_that_of_the_test():
    """By statsmodels, for three decks of numbers: no constant would do."""
    for up in (20, 30, 45):
        a, b = np.repeat([1, 0], (20, 80)), np.repeat([1, 0], (up, 100 - up))
        data = two_months("household_churn_rate", a, b)
        one = claim(
            metric="household_churn_rate", comparison="differs", period_a="2026-05", period_b="2026-06"
        )
        expected = proportions_ztest([20, up], [100, 100])[1]
        assert verdict_of(one, data).p_value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("metric", "test"),
    [
        ("nps", "z, multinomial variance"),
        ("household_churn_rate", "score z, Newcombe interval"),
        ("avg_health_score", "Welch's t"),
        ("net_revenue_retention", "permutation, bootstrap interval"),
        ("mrr", "t"),
    ],
)
@pytest.mark.parametrize(("shared", "design"), [(0, "two-sample"), (40, "partly paired"), (60, "paired")])
def test_each_kind_of_metric_has_its_test_and_shared_households_are_paired(metric, test, shared, design):
    rng = np.random.default_rng(5)
    if metric in ("nps", "household_churn_rate"):
        a, b = rng.integers(0, 2, size=(2, 60))
    else:
        a, b = rng.lognormal(size=(2, 60))
    one = claim(metric=metric, comparison="differs", period_a="2026-05", period_b="2026-06")
    found = verdict_of(one, two_months(metric, a, b, shared=shared))
    if metric == "mrr":
        design = "paired"
    expected = f"{design} {test}" if design == "two-sample" else f"{design} {test}".replace("Welch's ", "")
    assert found.test == expected
    assert found.difference == pytest.approx(found.value_b - found.value_a)


def test_pairs_that_all_move_alike_are_seen_where_strangers_are_not():
    rng = np.random.default_rng(9)
    level = rng.normal(60, 15, size=60)
    a, b = level, level + rng.normal(1, 1, size=60)
    one = claim(metric="avg_health_score", comparison="improved", period_a="2026-05", period_b="2026-06")
    paired = two_months("avg_health_score", a, b, shared=60)
    assert verdict_of(one, paired).verdict == "supported"
    assert verdict_of(one, two_months("avg_health_score", a, b)).verdict == "insufficient_evidence"


def of_clusters(rng, households: int, per_household: int) -> Data:
    """Two months without any change, in which the tickets of a household are all alike."""
    ids, rows, columns = np.arange(households), [], {}
    for month in (5, 6):
        met = rng.integers(0, 2, households) * per_household
        n = households * per_household
        rows.append(ledger_row("household_churn_rate", f"2026-0{month}-01", met.sum() / n, 0, 1, n))
        columns[f"2026-0{month}-01"] = (ids, met, np.full(households, per_household))
    return evidence(rows, columns)


def test_several_tickets_of_a_household_are_not_independent():
    rng = np.random.default_rng(1)
    one = claim(metric="household_churn_rate", comparison="differs", period_a="2026-05", period_b="2026-06")
    found = pd.concat(
        [verdicts_on([one], of_clusters(rng, 60, 5), alpha=0.05, seed=1, widest=1.0) for _ in range(300)]
    )
    assert set(found.test) == {"paired t, households as clusters"}
    assert 0.02 <= (found.p_value < 0.05).mean() <= 0.085  # as independent tickets it would be .38


def test_a_rate_of_tickets_is_compared_by_its_own_ratio():
    rng = np.random.default_rng(6)
    x_a, x_b = rng.integers(1, 6, size=(2, 80))
    y_a, y_b = rng.binomial(x_a, 0.3), rng.binomial(x_b, 0.6)
    ids = np.arange(80)
    rows = [ledger_row("household_churn_rate", f"2026-0{5 + i}-01", y.sum() / x.sum(), 0, 1, x.sum())
            for i, (y, x) in enumerate(((y_a, x_a), (y_b, x_b)))]  # fmt: skip
    data = evidence(rows, {"2026-05-01": (ids, y_a, x_a), "2026-06-01": (ids + 80, y_b, x_b)})
    one = claim(metric="household_churn_rate", comparison="declined", period_a="2026-05", period_b="2026-06")
    found = verdict_of(one, data)
    assert found.difference == pytest.approx(found.value_b - found.value_a)
    assert found.verdict == "supported" and found.test == "two-sample Welch's t, households as clusters"


@pytest.mark.parametrize(("a", "b"), [([], [1, 0, 1]), ([1], [1, 0, 1]), ([1, 0, 1], [0]), ([], [])])
def test_no_observation_and_one_are_not_compared(a, b):
    one = claim(metric="household_churn_rate", comparison="differs", period_a="2026-05", period_b="2026-06")
    found = verdict_of(one, two_months("household_churn_rate", a, b))
    assert found.verdict == "insufficient_evidence" and "observation" in found.reason
    assert pd.isna(found.p_value)


def test_households_that_do_not_add_up_to_the_ledger_stop_everything():
    data = two_months("household_churn_rate", [1, 0, 0, 1], [1, 0, 0, 0])
    data.values["raw_value"] += 0.1
    one = claim(metric="household_churn_rate", comparison="differs", period_a="2026-05", period_b="2026-06")
    with pytest.raises(
        Contradiction, match=r"household_churn_rate is 0\.6 in the ledger, its households give 0\.5"
    ):
        verdict_of(one, data)


def test_a_withheld_period_is_no_evidence_for_a_change():
    data = two_months("nps", [1] * 50, [0] * 50, status="insufficient_sample", status_reason="50 under 60")
    found = verdict_of(claim(comparison="declined", period_a="2026-05", period_b="2026-06"), data)
    assert found.verdict == "insufficient_evidence"
    assert found.reason.count("50 under 60") == 2 and found.n_a == 50
    assert found[["value_a", "value_b", "difference", "ci_low", "p_value"]].isna().all()


@pytest.mark.parametrize(
    ("claimed", "verdict"), [(-0.2, "supported"), (-0.5, "insufficient_evidence"), (-0.8, "refuted")]
)
def test_a_share_less_is_relative_to_the_first_period(claimed, verdict):
    a, b = np.repeat([1, 0], (200, 800)), np.repeat([1, 0], (100, 900))
    one = claim(
        metric="household_churn_rate", comparison="at_most", scale="relative", claimed_value=claimed,
        period_a="2026-05", period_b="2026-06",
    )  # fmt: skip
    found = verdict_of(one, two_months("household_churn_rate", a, b))
    assert found.difference == pytest.approx(-0.5) and found.verdict == verdict


def test_a_total_that_is_a_fifth_less():
    rng = np.random.default_rng(2)
    a = rng.uniform(10, 20, size=300)
    b = a[:240] * rng.uniform(0.99, 1.01, size=240)
    one = claim(
        metric="mrr", comparison="equals", scale="relative", claimed_value=-0.2, tolerance=0.06,
        period_a="2026-05", period_b="2026-06",
    )  # fmt: skip
    data = two_months("mrr", a[::-1], b[::-1], shared=240)
    found = verdict_of(one, data)
    assert found.difference == pytest.approx(b.sum() / a.sum() - 1) and found.verdict == "supported"


def test_a_change_of_a_claimed_size():
    a, b = np.repeat([1, 0], (200, 800)), np.repeat([1, 0], (300, 700))
    data = two_months("household_churn_rate", a, b)
    fields = {"metric": "household_churn_rate", "period_a": "2026-05", "period_b": "2026-06"}
    at_least = {
        v: verdict_of(claim(comparison="at_least", claimed_value=v, **fields), data)
        for v in (0.05, 0.1, 0.15)
    }
    assert [f.verdict for f in at_least.values()] == ["supported", "insufficient_evidence", "refuted"]


def test_differs_is_refuted_where_the_difference_is_small():
    rng = np.random.default_rng(4)
    a = rng.normal(50, 5, size=500)
    data = two_months("avg_health_score", a, a + rng.normal(0, 0.5, size=500), shared=500)
    fields = {
        "metric": "avg_health_score",
        "comparison": "differs",
        "period_a": "2026-05",
        "period_b": "2026-06",
    }
    assert verdict_of(claim(tolerance=1, **fields), data).verdict == "refuted"
    assert verdict_of(claim(**fields), data).verdict == "insufficient_evidence"


def test_claims_of_a_deck_are_corrected_together():
    """Holm over the deck, not over all claims, and claims without a p-value do not count."""
    a = np.repeat([1, 0], (20, 80))
    fields = {
        "metric": "household_churn_rate",
        "comparison": "declined",
        "period_a": "2026-05",
        "period_b": "2026-06",
    }
    data = two_months("household_churn_rate", a, np.repeat([1, 0], (33, 67)))
    p = proportions_ztest([20, 33], [100, 100])[1]
    deck = [claim(claim_id=f"c{i}", **fields) for i in range(2)]
    alone = claim(claim_id="c8", deck="another", **fields)
    figure = claim(claim_id="c9", claimed_value=0.01, metric="household_churn_rate")
    found = verdicts_on([*deck, alone, figure], data, alpha=0.05, seed=7, widest=1.0).set_index("claim_id")
    together = multipletests([p, p], method="holm")[1]
    assert found.p_value_corrected[["c0", "c1"]].tolist() == pytest.approx(together.tolist())
    assert found.p_value_corrected["c8"] == pytest.approx(p) and pd.isna(found.p_value_corrected["c9"])
    assert p < 0.05 < 2 * p
    assert found.verdict[["c0", "c1", "c8"]].tolist() == ["insufficient_evidence"] * 2 + ["supported"]


def test_decks_of_nothing_rarely_find_something():
    """Three claims a deck on data without any change: about one deck in twenty has a verdict."""
    rng = np.random.default_rng(17)
    claims, rows, columns = [], [], {}
    for number in range(900):
        segment = f"plan_type:{number}"
        fields = {
            "claim_id": f"c{number}",
            "deck": f"d{number // 3}",
            "segment": segment,
            "comparison": "improved",
        }
        claims.append(claim(period_a="2026-05", period_b="2026-06", **fields))
        for month in (5, 6):
            answers = rng.choice([-1, 0, 1], p=[0.2, 0.3, 0.5], size=150)
            key = {"segment_type": "plan_type", "segment": str(number)}
            rows.append(ledger_row("nps", f"2026-0{month}-01", 100 * answers.mean(), 0, 0, 150, **key))
            columns[str(number), f"2026-0{month}-01"] = (np.arange(150) + 100 * month, answers, np.ones(150))
    data = evidence(rows)
    data = replace(
        data,
        households=lambda m, t, s, p: pd.DataFrame(
            dict(zip(CHANGE_COLUMNS, columns[s, str(p.start)], strict=True))
        ),
    )
    found = verdicts_on(claims, data, alpha=0.05, seed=1, widest=1.0)
    assert found.test.unique().tolist() == ["partly paired z, multinomial variance"]
    wrong = (found.verdict != "insufficient_evidence").groupby(found.deck).any().mean()
    assert 0.02 <= wrong <= 0.085


def model_claim(metric: str, comparison: str, value: float, **fields):
    usual = {"evidence": "churn_model", "period_a": "test"}
    return claim(metric=metric, comparison=comparison, claimed_value=value, **{**usual, **fields})


def test_a_claim_on_the_model_is_compared_with_its_test():
    data = evidence(model_metrics=model_rows(roc_auc=0.81))
    found = verdict_of(model_claim("roc_auc", "at_least", 0.847), data)
    assert (found.verdict, found.value_a, found.n_a) == ("refuted", 0.81, 900)
    assert verdict_of(model_claim("roc_auc", "at_least", 0.78), data).verdict == "supported"


def test_accuracy_is_shown_with_that_of_always_saying_no():
    data = evidence(model_metrics=model_rows(accuracy=0.94, accuracy_always_no=0.95))
    found = verdict_of(model_claim("accuracy", "equals", 0.94, tolerance=0.03), data)
    assert found.verdict == "supported" and "always saying no has 0.95" in found.reason


@pytest.mark.parametrize(
    ("runs", "rows", "fields", "reason"),
    [
        ((), [], {}, "no model has been run"),
        (
            ({**RUN, "selected_model": None, "status": "no_skill", "reason": "9 churned"},),
            [],
            {},
            "no_skill: 9 churned",
        ),
        ((RUN,), [], {}, "roc_auc of boosting on test (all) is unknown"),
        ((RUN,), model_rows(roc_auc=0.9), {"segment": "active_last_7_days"}, "is unknown"),
        ((RUN,), model_rows(roc_auc=np.nan), {}, "is unknown"),
    ],
)
def test_without_a_model_there_is_no_verdict(runs, rows, fields, reason):
    found = verdict_of(
        model_claim("roc_auc", "at_least", 0.8, **fields), evidence(model_metrics=rows, runs=runs)
    )
    assert found.verdict == "insufficient_evidence" and reason in found.reason


def test_only_the_last_run_and_the_selected_model_count():
    old = {**RUN, "model_run_id": "old", "as_of_date": AS_OF.replace(month=5)}
    rows = [
        {**model_rows(roc_auc=0.99)[0], "model_run_id": "old"},
        {**model_rows(roc_auc=0.98)[0], "model": "another"},
        *model_rows(roc_auc=0.81),
    ]
    found = verdict_of(model_claim("roc_auc", "at_least", 0.9), evidence(model_metrics=rows, runs=(RUN, old)))
    assert found.verdict == "refuted" and found.value_a == 0.81


def test_a_run_without_skill_says_so():
    run = {**RUN, "status": "no_skill", "reason": "the interval reaches .5"}
    data = evidence(model_metrics=model_rows(roc_auc=0.51), runs=(run,))
    found = verdict_of(model_claim("roc_auc", "at_least", 0.847), data)
    assert found.verdict == "refuted" and "no_skill: the interval reaches .5" in found.reason


@pytest.mark.parametrize(
    "fields",
    [
        {"comparison": "rose", "claimed_value": 1},
        {"comparison": "at_least"},
        {"comparison": "improved"},
        {"comparison": "improved", "period_b": "2026-05", "claimed_value": 1},
        {"claimed_value": 1, "scale": "relative"},
        {"claimed_value": 1, "scale": "log"},
        {"comparison": "improved", "period_b": "2026-05", "scale": "relative"},
        {"claimed_value": 1, "tolerance": 0.5},
        {"comparison": "equals", "claimed_value": 1, "tolerance": -0.5},
        {"claimed_value": 1, "status": "maybe"},
        {"claimed_value": 1, "evidence": "hearsay"},
        {"claimed_value": 1, "evidence": "churn_model", "period_b": "test"},
    ],
)
def test_a_malformed_claim_is_refused_by_name(fields):
    with pytest.raises(MalformedClaim, match="claim c1: "):
        claim(**fields)


def test_claims_are_read_from_the_seed_in_order():
    rows = pd.DataFrame(
        [
            {n: getattr(claim(claim_id=i, claimed_value=1), n) for n in claim(claimed_value=1).__slots__}
            for i in "ba"
        ]
    )
    rows["tolerance"] = None
    read = read_claims(rows)
    assert [c.claim_id for c in read] == ["a", "b"]
    assert read[0].tolerance == 0 and read[0].period_b is None and read[0].claimed_value == 1.0


def test_no_claims_make_an_empty_table_with_its_columns():
    found = verdicts_on([], evidence(), alpha=0.05, seed=1, widest=1.0)
    assert list(found.columns) == COLUMNS and found.empty


def test_same_verdicts_twice():
    rng = np.random.default_rng(8)
    a, b = rng.lognormal(size=(2, 80))
    one = claim(metric="net_revenue_retention", comparison="differs", period_a="2026-05", period_b="2026-06")
    data = two_months("net_revenue_retention", a, b, shared=40)
    first, second = (verdicts_on([one], data, alpha=0.05, seed=3, widest=1.0) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
