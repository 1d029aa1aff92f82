"""Intervals against published code, by hand, and by how often they hold."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaln, xlogy
from statsmodels.stats.proportion import proportion_confint

from customer_success.statistics import (
    bootstrap_mean_interval,
    bootstrap_mean_intervals,
    mean_interval,
    mean_intervals,
    nps_interval,
    nps_intervals,
    ratio_interval,
    ratio_intervals,
    share_interval,
    share_intervals,
)
from customer_success.statistics.resampling import bca_intervals

steady = settings(max_examples=60)
counts = st.integers(2, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
answers = st.tuples(*[st.integers(0, 2000)] * 3).filter(lambda three: sum(three) >= 2)


def has_reason(interval, reason):
    return interval.reason == reason and np.isnan(interval.ci_low) and np.isnan(interval.ci_high)


# Shares


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_shares_agree_with_statsmodels(confidence):
    n = np.repeat([2, 3, 10, 30, 1000, 100_000], 5)
    k = (n * np.tile([0, 0.1, 0.5, 0.9, 1], 6)).astype(int)
    table = share_intervals(k, n, confidence=confidence)
    low, high = proportion_confint(k, n, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(table[["ci_low", "ci_high"]], np.column_stack([low, high]), atol=1e-12)
    assert table["reason"].isna().all()


@given(counts)
@steady
def test_a_share_lies_in_its_interval_and_its_complement_mirrors_it(pair):
    k, n = pair
    one, other = share_interval(k, n), share_interval(n - k, n)
    assert 0 <= one.ci_low <= one.value <= one.ci_high <= 1
    assert one.ci_low == pytest.approx(1 - other.ci_high, abs=1e-12)
    assert (one.ci_low == 0) == (k == 0) and (one.ci_high == 1) == (k == n)


def test_too_few_is_reported_for_shares_and_nps():
    assert has_reason(share_interval(0, 0), "no observations") and np.isnan(share_interval(0, 0).value)
    assert has_reason(share_interval(1, 1), "one observation") and share_interval(1, 1).value == 1
    assert has_reason(nps_interval(0, 0, 0), "no observations") and np.isnan(nps_interval(0, 0, 0).value)
    assert has_reason(nps_interval(1, 0, 1), "one observation") and nps_interval(1, 0, 1).value == 100
    assert share_interval(2, 2).reason is None and nps_interval(2, 0, 2).reason is None


def test_columns_of_any_kind_keep_their_index_and_their_unknown():
    n = pd.Series([10, None, 10], dtype="Int64", index=["a", "b", "c"])
    k = pd.Series([Decimal(3), None, Decimal(5)], dtype="object", index=["a", "b", "c"])
    table = share_intervals(k, n)
    assert list(table.index) == ["a", "b", "c"]
    assert table["reason"].tolist() == [None, "unknown", None]
    assert table.loc["a", "value"] == pytest.approx(0.3) and np.isnan(table.loc["b", "value"])


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: share_interval(3, 2),
        lambda: share_interval(-1, 2),
        lambda: share_interval(1, 2, confidence=1.0),
        lambda: nps_interval(2, 2, 3),
        lambda: nps_interval(-1, 2, 3),
        lambda: mean_intervals([1], [-1], [3]),
        lambda: ratio_interval([1, np.nan], [1, 1], seed=1),
        lambda: ratio_interval([1, 1], [1, -1], seed=1),
    ],
)
def test_impossible_input_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()


# NPS


def test_nps_by_hand():
    # 60 promoters, 20 detractors, 100 responses: p' = 60.75 / 103, d' = 20.75 / 103
    found = nps_interval(60, 20, 100)
    assert (found.value, found.n, found.method) == (pytest.approx(40), 100, "adjusted_wald")
    assert found.ci_low == pytest.approx(23.380, abs=5e-4)
    assert found.ci_high == pytest.approx(54.290, abs=5e-4)


@given(answers)
@steady
def test_nps_lies_in_its_interval_and_mirrors(three):
    promoters, detractors, _ = three
    n = sum(three)
    one, other = nps_interval(promoters, detractors, n), nps_interval(detractors, promoters, n)
    assert -100 <= one.ci_low <= one.value <= one.ci_high <= 100
    assert one.ci_low < one.ci_high
    assert one.ci_low == pytest.approx(-other.ci_high, abs=1e-9)


def nps_coverage(n: int, shares: np.ndarray) -> np.ndarray:
    """Exact chance that the interval of n answers holds the true score, per row (promoters, detractors)."""
    up, down = (side.ravel() for side in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    up, down = up[up + down <= n], down[up + down <= n]
    ways = gammaln(n + 1) - gammaln(up + 1) - gammaln(down + 1) - gammaln(n - up - down + 1)
    table = nps_intervals(up, down, np.full(len(up), n))
    low, high = table["ci_low"].to_numpy(), table["ci_high"].to_numpy()
    found = []
    for p, d in shares:
        passive = max(1 - p - d, 0.0)
        chance = np.exp(ways + xlogy(up, p) + xlogy(down, d) + xlogy(n - up - down, passive))
        holds = (low <= 100 * (p - d) + 1e-9) & (100 * (p - d) <= high + 1e-9)
        found.append(chance[holds].sum())
    return np.array(found)


def shares_from(least: int) -> np.ndarray:
    """All pairs of shares on a grid of .02, promoters up to detractors, each kind at least `least` steps."""
    steps = np.array([(p, d) for p in range(51) for d in range(p, 51) if p + d <= 50])
    return steps[np.column_stack([steps, 50 - steps.sum(axis=1)]).min(axis=1) >= least] / 50


@pytest.mark.parametrize(
    ("n", "every", "least", "most"), [(30, 1, 0.933, 1.0), (100, 1, 0.945, 0.984), (1000, 15, 0.949, 0.955)]
)
def test_nps_intervals_hold_as_often_as_they_say(n, every, least, most):
    shares = shares_from(least=1)[::every]
    found = nps_coverage(n, shares)
    weight = np.where(shares[:, 0] < shares[:, 1], 2, 1)  # the mirrored half of the grid
    assert np.average(found, weights=weight) == pytest.approx(0.95, abs=0.005)
    assert found.min() >= 0.925
    assert least <= found.min() and found.max() <= most  # as the documentation says


def test_where_one_kind_of_answer_never_occurs_nps_intervals_hold_less_often():
    never = np.array([(0, d / 100) for d in range(1, 101)])
    found = nps_coverage(30, never)
    assert found.min() == pytest.approx(0.9027, abs=1e-4)
    assert found.mean() == pytest.approx(0.95, abs=0.01)


# Means


@pytest.mark.parametrize("n", [2, 5, 30, 1000])
def test_means_agree_with_scipy(n):
    values = np.random.default_rng(n).gamma(2, 3, n)
    low, high = stats.t.interval(0.95, n - 1, values.mean(), stats.sem(values))
    found = mean_interval(np.append(values, np.nan))
    assert (found.ci_low, found.ci_high, found.n) == (pytest.approx(low), pytest.approx(high), n)
    row = mean_intervals([values.mean()], [values.std(ddof=1)], [n]).iloc[0]
    assert (row["ci_low"], row["ci_high"], row["ci_method"]) == (found.ci_low, found.ci_high, "t")


def test_means_that_cannot_have_an_interval_say_so():
    assert has_reason(mean_interval([]), "no observations")
    assert has_reason(mean_interval([4.0, np.nan]), "one observation") and mean_interval([4.0]).value == 4
    assert has_reason(mean_interval([0.1] * 7), "all observations are alike")
    assert mean_intervals([2.0, np.nan], [np.nan, 1.0], [9, 9])["reason"].tolist() == ["unknown"] * 2


# Ratios of money and means over clustered rows


def company(seed: int, households: int) -> tuple[np.ndarray, np.ndarray]:
    """MRR at the end and at the start: most stay, some leave, shrink or grow."""
    rng = np.random.default_rng(seed)
    start = rng.choice([825, 999], households) * rng.integers(1, 4, households) / 100
    change = rng.choice([0, 0.7, 1, 1.3], households, p=[0.1, 0.1, 0.6, 0.2])
    return start * change, start


@pytest.mark.parametrize("skewed", [False, True])
def test_ratios_agree_with_scipy(skewed):
    end, start = company(1, 150)
    if skewed:  # what is left is the revenue of the few that leave
        end = np.where(end == 0, start, 0)
    found = ratio_interval(end, start, seed=1, replicates=20_000)
    reference = stats.bootstrap(
        (end, start),
        lambda y, x, axis: y.sum(axis) / x.sum(axis),
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        method="BCa",
        random_state=np.random.default_rng(1),
    ).confidence_interval
    width = reference.high - reference.low
    assert found.value == pytest.approx(end.sum() / start.sum())
    assert abs(found.ci_low - reference.low) < 0.04 * width
    assert abs(found.ci_high - reference.high) < 0.04 * width


@pytest.mark.parametrize(("below", "acceleration"), [(0.5, 0.0), (0.4, 0.0), (0.55, 0.08)])
def test_bca_follows_the_published_formula(below, acceleration):
    replicates = np.append(np.linspace(0, 1, 10_001), np.nan)  # uniform: a level is its own quantile
    low, high = bca_intervals(replicates[None], np.array([below]), np.array([acceleration]), 0.9)
    bias = stats.norm.ppf(below)
    for found, tail in ((low, 0.05), (high, 0.95)):
        moved = bias + stats.norm.ppf(tail)
        assert found[0] == pytest.approx(stats.norm.cdf(bias + moved / (1 - acceleration * moved)), abs=1e-3)


def test_ratio_intervals_hold_about_as_often_as_they_say():
    true = 0.1 * 0.7 + 0.6 * 1 + 0.2 * 1.3
    held = 0
    for seed in range(200):
        found = ratio_interval(*company(seed, 120), seed=seed, replicates=500)
        held += found.ci_low <= true <= found.ci_high
    assert 0.905 <= held / 200 <= 0.98


def test_ratios_do_not_depend_on_the_order_of_rows_nor_on_how_a_household_is_split():
    rng = np.random.default_rng(2)
    end, start = company(2, 5000)
    household = np.array([f"h{number:05d}" for number in range(5000)])
    group = rng.choice(["north", "south"], 5000)
    table = ratio_intervals(end, start, household, group, seed=3, replicates=200)
    assert table.index.tolist() == ["north", "south"] and table["reason"].isna().all()
    shuffled = rng.permutation(5000)
    again = ratio_intervals(
        *(column[shuffled] for column in (end, start, household, group)), seed=3, replicates=200
    )
    pd.testing.assert_frame_equal(table, again, check_exact=True)
    repeated = [np.tile(column, 7) for column in (end, start, household, group)]
    repeated[0] *= rng.choice([-1, 1], 35_000) * 10 ** rng.uniform(0, 17, 35_000)
    shuffled = rng.permutation(35_000)
    pd.testing.assert_frame_equal(
        ratio_intervals(*repeated, seed=3, replicates=20),
        ratio_intervals(*(column[shuffled] for column in repeated), seed=3, replicates=20),
        check_exact=True,
    )
    halves = [np.tile(column, 2) for column in (end / 2, start / 2, household, group)]
    pd.testing.assert_frame_equal(table, ratio_intervals(*halves, seed=3, replicates=200))
    other = ratio_intervals(end, start, household, group, seed=4, replicates=200)
    assert (other["ci_low"] != table["ci_low"]).all() and (other["value"] == table["value"]).all()


def test_many_groups_are_the_same_as_few():
    end, start = company(4, 60)
    columns = [np.tile(column, 2500) for column in (end, start, np.arange(60))]
    table = ratio_intervals(*columns, np.repeat(np.arange(2500), 60), seed=1, replicates=50)
    alone = ratio_interval(end, start, seed=1, replicates=50)
    assert len(table) == 2500 and table["ci_low"].nunique() == 1
    assert table["ci_high"].iloc[-1] == alone.ci_high


def test_ratios_that_cannot_have_an_interval_say_so():
    forty = np.ones(40)
    assert has_reason(ratio_interval([], [], seed=1), "no observations")
    assert len(ratio_intervals([], [], [], [], seed=1)) == 0
    assert has_reason(ratio_interval([1.0], [2.0], seed=1), "one observation")
    nothing = ratio_interval(0 * forty, 0 * forty, seed=1)
    assert has_reason(nothing, "the denominator is zero") and np.isnan(nothing.value)
    assert has_reason(ratio_interval(9.99 * forty, 3 * forty, seed=1), "all observations are alike")
    # 200 households, but one account is a third of all the money: effectively eight
    end, start = company(5, 200)
    start[0], end[0] = start.sum() / 2, 0
    few = ratio_intervals(end, start, np.arange(200), seed=1)
    assert few["reason"].tolist() == ["too few households carry the denominator"]
    assert few["n"].tolist() == [200] and 5 < few["effective_n"].iloc[0] < 12
    assert np.isfinite(ratio_interval(end, start, seed=1, minimum=5).ci_low)


def test_means_of_clustered_rows_are_less_certain_than_t_says():
    rng = np.random.default_rng(6)
    household = np.repeat(np.arange(100), 10)
    values = rng.normal(size=100)[household] + 0.1 * rng.normal(size=1000)
    clustered, naive = bootstrap_mean_interval(values, household, seed=1), mean_interval(values)
    assert (clustered.value, clustered.n) == (pytest.approx(naive.value), 100)
    widths = [interval.ci_high - interval.ci_low for interval in (clustered, naive)]
    assert widths[0] / widths[1] == pytest.approx(np.sqrt(10), rel=0.15)
    table = bootstrap_mean_intervals(values, household, household % 2, seed=1)
    assert table["n"].tolist() == [50, 50]
