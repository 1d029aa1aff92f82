"""Verdicts on claims are computed a second time, and each lie about one is seen."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from harness import END
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from customer_success.claims import Claim, read_claims, resolve
from customer_success.claims.check import verdicts_of
from customer_success.recount.claim_checks import Evidence
from customer_success.recount.claim_periods import days_of
from customer_success.recount.claim_tests import MEAN, MONEY, SHARE, TOTAL, change, holm
from customer_success.recount.claims import problems, prove_claims
from customer_success.statistics import compare_money

ALPHA = 0.05


def claim(**wanted) -> Claim:
    """A draft on all customers: the value is at least the claimed one unless the test gives another."""
    usual = {
        "deck": "deck", "evidence": "metrics", "segment": "all", "comparison": "at_least",
        "scale": "absolute", "period_b": None, "claimed_value": None, "tolerance": 0.0, "author": "somebody",
        "status": "draft",
    }  # fmt: skip
    return Claim(**{**usual, **wanted})


QUARTERS = {"period_a": "2026-Q1", "period_b": "2026-Q2"}
HEALTH = {"metric": "avg_health_score"}
CHURN = {"metric": "household_churn_rate"}
CLAIMS = [
    claim(claim_id="low", statement="Health is 10", claimed_value=10, period_a="2026-Q2", **HEALTH),
    claim(claim_id="high", statement="Health is 95", claimed_value=95, period_a="2026-06", **HEALTH),
    claim(claim_id="week", statement="Health is 10", claimed_value=10, period_a="2026-W25", **HEALTH),
    claim(claim_id="now", statement="Health is 10", claimed_value=10, period_a="trailing_90", **HEALTH),
    claim(claim_id="ago", statement="Health is 10", claimed_value=10, period_a="quarter-2", **HEALTH),
    claim(claim_id="few", statement="NPS is 20", claimed_value=20, period_a="2026-W25", metric="nps"),
    claim(claim_id="moved", statement="Health moved", comparison="differs", **HEALTH, **QUARTERS),
    claim(claim_id="churn", statement="Churn rose", comparison="declined", **CHURN, **QUARTERS),
    claim(claim_id="mrr", statement="MRR grew", comparison="improved", metric="mrr", **QUARTERS),
    claim(claim_id="dau", statement="Use fell by 500", comparison="at_most", claimed_value=-500, metric="dau",
          **QUARTERS),
    claim(claim_id="half", statement="Churn has halved", comparison="at_most", scale="relative",
          claimed_value=-0.5, **CHURN, **QUARTERS),
    claim(claim_id="model", statement="AUC .5", evidence="churn_model", metric="roc_auc", claimed_value=0.5,
          period_a="test"),
]  # fmt: skip


@pytest.fixture(scope="module")
def connection(warehouse_database):
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def seed() -> pd.DataFrame:
    return pd.DataFrame([{name: getattr(one, name) for name in one.__slots__} for one in CLAIMS])


@pytest.fixture(scope="module")
def honest(connection, seed) -> pd.DataFrame:
    return verdicts_of(read_claims(seed), connection, alpha=ALPHA, seed=7, widest=0.1)


@pytest.fixture
def verdicts(honest) -> pd.DataFrame:
    return honest.copy()


def found(verdicts, seed, connection) -> list[str]:
    return [p.message for p in problems(verdicts, seed, Evidence(connection), END, ALPHA)]


def test_an_honest_build_is_not_accused(warehouse_database):
    candidate = SimpleNamespace(
        places=SimpleNamespace(database=warehouse_database),
        variables={"claim_alpha": ALPHA},
        as_of_date=END,
    )
    assert prove_claims(candidate) == []


def test_honest_verdicts_of_all_kinds_are_not_accused(verdicts, seed, connection):
    assert found(verdicts, seed, connection) == []
    assert {"supported", "refuted", "insufficient_evidence"} == set(verdicts["verdict"])
    assert verdicts["p_value"].notna().sum() == 5


def put(claim_id: str, **values):
    def lie(verdicts):
        for name, value in values.items():
            row = verdicts["claim_id"] == claim_id
            old = verdicts.loc[row, name]
            verdicts.loc[row, name] = old.map(value) if callable(value) else value

    return lie


def swapped(verdicts):
    for end in ("start", "end"):
        a, b = f"period_a_{end}", f"period_b_{end}"
        verdicts[[a, b]] = verdicts[[b, a]].to_numpy()


def swapped_values(verdicts):
    row = verdicts["claim_id"] == "moved"
    a, b = verdicts.loc[row, "value_a"].iloc[0], verdicts.loc[row, "value_b"].iloc[0]
    verdicts.loc[row, ["value_a", "value_b"]] = [b, a]


def constant_p(verdicts):
    verdicts.loc[verdicts["p_value"].notna(), "p_value"] = 0.01


def uncorrected(verdicts):
    verdicts["p_value_corrected"] = verdicts["p_value"]


def less(by: float):
    return lambda value: value - by


DAY = pd.Timedelta(days=1)
LIES = {
    "a period that begins a day late": (put("low", period_a_start=lambda day: day + DAY), "low", "its start"),
    "a period that ends a month early": (
        put("low", period_a_end=pd.Timestamp("2026-05-31")), "low", "its end is 2026-05-31 in the verdict",
    ),
    "last year's quarter": (
        put("low", period_a_start=pd.Timestamp("2025-04-01"), period_a_end=pd.Timestamp("2025-06-30")),
        "low", "is 2025-04-01 in the verdict, and should be 2026-04-01",
    ),
    "no dates": (put("week", period_a_start=pd.NaT), "week", "its start is None"),
    "swapped periods": (swapped, "moved", "its start is 2026-04-01 in the verdict"),
    "swapped values": (swapped_values, "moved", "value a"),
    "another value": (put("low", value_a=less(1)), "low", "value a"),
    "another sample": (put("low", n_a=999), "low", "sample a is 999"),
    "a narrower interval": (put("low", ci_low=lambda x: 0.9 * x), "low", "ci_low"),
    "another difference": (put("low", difference=less(5)), "low", "difference"),
    "supported without a published value": (
        put("few", verdict="supported", value_a=40.0), "few", "nps in 2026-W25 is not published",
    ),
    "a figure without a published value": (put("few", value_a=40.0), "few", "value_a is 40, though nps"),
    "a change without an interval": (put("moved", ci_low=np.nan), "moved", "without an interval"),
    "supported against its interval": (put("high", verdict="supported"), "high", "figures give refuted"),
    "hidden refutation": (
        put("high", verdict="insufficient_evidence"), "high", "figures give refuted",
    ),
    "supported change against its p": (put("churn", verdict="supported"), "churn", "figures give"),
    "a constant p-value": (constant_p, "moved", "p-value is 0.01"),
    "p of a total": (put("mrr", p_value=1e-6, p_value_corrected=1e-6), "mrr", "p-value"),
    "no correction": (uncorrected, "churn", "by Holm"),
    "a change with another interval": (put("moved", ci_low=less(2)), "moved", "interval of the change"),
    "a relative change that is absolute": (put("half", difference=less(0.1)), "half", "relative change"),
    "the claim is softened": (put("high", claimed_value=10.0), "high", "claimed_value is 10.0"),
    "the tolerance is widened": (put("high", tolerance=90.0), "high", "tolerance is 90.0"),
    "another metric": (put("low", metric="csat"), "low", "metric is csat"),
    "a model without skill": (put("model", verdict="supported"), "model", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_lie_about_a_verdict_is_seen(name, verdicts, seed, connection):
    lie, claim_id, wanted = LIES[name]
    lie(verdicts)
    messages = [m for m in found(verdicts, seed, connection) if m.startswith(f"Claim {claim_id}: ")]
    assert any(wanted in message for message in messages), messages


def test_verdicts_are_one_per_claim(verdicts, seed, connection):
    assert found(verdicts.iloc[1:], seed, connection) == [f"Claim {verdicts.claim_id[0]}: has no verdict."]
    twice = pd.concat([verdicts, verdicts[verdicts["claim_id"] == "low"]])
    assert "Claim low: has two verdicts." in found(twice, seed, connection)
    assert "Claim low: is not in the seed of claims." in found(
        verdicts, seed[seed.claim_id != "low"], connection
    )


@pytest.mark.parametrize(
    ("values", "accused"), [("[10.0]", False), ("[80.0]", True), ("[]", True), ("[9.0, 10.0]", False)]
)
def test_a_published_figure_is_in_its_statement(verdicts, seed, connection, values, accused):
    put("low", status="published", statement_values=values)(verdicts)
    published = seed.assign(status=seed["status"].mask(seed["claim_id"] == "low", "published"))
    assert bool(found(verdicts, published, connection)) == accused


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["week", "month", "quarter"]),
    st.integers(1, 20),
)
def test_both_readings_of_counted_periods_agree(as_of, grain, back):
    first, second = resolve(f"{grain}-{back}", as_of), days_of(f"{grain}-{back}", as_of)
    assert (first.grain, first.start, first.end) == (second.grain, second.start, second.end)


@pytest.mark.parametrize(
    "name", ["2026-W01", "2026-W53", "2020-W53", "2026-01", "2024-02", "2026-Q1", "2026-Q4", "trailing_90"]
)
def test_both_readings_of_named_periods_agree(name):
    first, second = resolve(name, END), days_of(name, END)
    assert (first.grain, first.start, first.end) == (second.grain, second.start, second.end)


@pytest.mark.parametrize("name", ["recently", "2026", "2026-13", "2026-Q5", "2026-W60", "quarter", "2026-1"])
def test_what_is_no_period_has_no_days(name):
    assert days_of(name, END) is None


def test_the_second_holm_is_that_of_statsmodels():
    p = np.random.default_rng(3).uniform(0, 0.2, 12).round(2).tolist()
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())
    assert holm([0.01, np.nan, 0.04])[::2] == pytest.approx([0.02, 0.04])


def rows_of(y_a, x_a, y_b, x_b) -> pd.DataFrame:
    """Households of which none is in both periods."""
    apart = [np.full(len(y_a), np.nan), np.full(len(y_b), np.nan)]
    columns = {
        "y_a": np.append(y_a, apart[1]), "x_a": np.append(x_a, apart[1]),
        "y_b": np.append(apart[0], y_b), "x_b": np.append(apart[0], x_b),
    }  # fmt: skip
    return pd.DataFrame(columns)


def test_the_second_test_of_shares_is_that_of_statsmodels():
    a, b = np.repeat([1, 0], (20, 80)), np.repeat([1, 0], (33, 87))
    second = change(SHARE, rows_of(a, np.ones(100), b, np.ones(120)))
    assert second.p == pytest.approx(proportions_ztest([20, 33], [100, 120])[1])
    expected = confint_proportions_2indep(33, 120, 20, 100, method="newcomb")
    assert (second.low, second.high) == pytest.approx(expected, abs=1e-6)


def test_means_of_separate_households_are_compared_by_welch():
    from scipy.stats import ttest_ind

    a, b = (np.random.default_rng(4).normal(size=n) for n in (40, 60))
    second = change(MEAN, rows_of(a, np.ones(40), b, np.ones(60)))
    assert second.p == pytest.approx(ttest_ind(a, b, equal_var=False).pvalue)


@pytest.mark.parametrize("kind", [MEAN, TOTAL])
def test_without_variation_there_is_no_second_p_value(kind):
    alike = pd.DataFrame({"y_a": [0.1] * 9, "x_a": [1.0] * 9, "y_b": [0.3] * 9, "x_b": [1.0] * 9})
    assert np.isnan(change(kind, alike).p)


def test_money_is_near_the_permutation():
    rng = np.random.default_rng(8)
    x_a, x_b = rng.uniform(10, 20, (2, 200))
    y_a, y_b = x_a * (rng.random(200) < 0.8), x_b * (rng.random(200) < 0.9)
    first = compare_money(*(part for part in (y_a, x_a, y_b, x_b)), seed=7)
    second = change(MONEY, pd.DataFrame({"y_a": y_a, "x_a": x_a, "y_b": y_b, "x_b": x_b}))
    assert second.p == pytest.approx(first.p_value, abs=0.02)
    assert (second.low, second.high) == pytest.approx((first.ci_low, first.ci_high), abs=0.01)
