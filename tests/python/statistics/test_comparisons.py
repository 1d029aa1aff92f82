"""Comparisons against scipy and statsmodels, by enumeration, and by how often they err."""

from __future__ import annotations

from dataclasses import astuple
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import gammaln
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from customer_success.statistics import (
    compare_means,
    compare_money,
    compare_nps,
    compare_nps_counts,
    compare_share_counts,
    compare_shares,
    holm,
    unpaired,
)

steady = settings(max_examples=60)
NPS_CASES = [
    (12, 5, 30, 20, 9, 45),
    (60, 20, 100, 50, 30, 100),
    (3, 0, 9, 0, 3, 8),
    (400, 10, 900, 39, 2, 80),
]
SHARE_CASES = [(3, 10, 7, 12), (0, 20, 5, 30), (30, 30, 25, 30), (450, 1000, 60, 100), (1, 500, 9, 700)]
SIZES = [(30, 30, 0), (30, 30, 30), (60, 40, 25)]


def two_periods(
    seed: int, n_a: int, n_b: int, n_both: int, rho: float = 0.6
) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal values per household, correlated between the periods, with NaN where it has none."""
    rng = np.random.default_rng(seed)
    values = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n_a + n_b - n_both).T
    values[0, n_a:] = np.nan
    values[1, : n_a - n_both] = np.nan
    return values[0], values[1]


def answers(values: np.ndarray) -> np.ndarray:
    """Promoters 40%, passives 35%, detractors 25%."""
    return np.where(np.isnan(values), np.nan, (values > 0.2533) * 1.0 - (values < -0.6745) * 1.0)


def above(values: np.ndarray, cut: float = 0.5) -> np.ndarray:
    return np.where(np.isnan(values), np.nan, values > cut)


# NPS


@pytest.mark.parametrize("case", NPS_CASES)
def test_nps_agrees_with_statsmodels(case):
    up_a, down_a, n_a, up_b, down_b, n_b = case
    a = np.repeat([100, -100, 0], (up_a, down_a, n_a - up_a - down_a))
    b = np.repeat([100, -100, 0], (up_b, down_b, n_b - up_b - down_b))
    found = compare_nps_counts(*case)
    reference = CompareMeans(DescrStatsW(b), DescrStatsW(a))
    assert found.p_value == pytest.approx(reference.ztest_ind(usevar="unequal")[1])
    limits = reference.zconfint_diff(usevar="unequal")
    assert (found.ci_low, found.ci_high) == tuple(map(pytest.approx, limits))
    p, d = up_a / n_a, down_a / n_a
    assert found.estimate_a == pytest.approx(100 * (p - d))
    assert a.var() == pytest.approx(1e4 * (p + d - (p - d) ** 2))  # the multinomial variance
    assert (found.n_a, found.n_b, found.n_both, found.reason) == (n_a, n_b, 0, None)
    assert found.method == "two-sample z, multinomial variance"


def test_paired_nps_agrees_with_statsmodels():
    a, b = (answers(values) for values in two_periods(1, 50, 50, 50))
    found = compare_nps(a, b)
    reference = DescrStatsW(100 * (b - a))
    assert found.p_value == pytest.approx(reference.ztest_mean()[1])
    assert (found.ci_low, found.ci_high) == tuple(map(pytest.approx, reference.zconfint_mean()))
    assert found.method == "paired z, multinomial variance"


# Shares


@pytest.mark.parametrize("case", SHARE_CASES)
def test_shares_agree_with_statsmodels(case):
    k_a, n_a, k_b, n_b = case
    found = compare_share_counts(*case)
    assert found.p_value == pytest.approx(proportions_ztest([k_b, k_a], [n_b, n_a])[1])
    limits = confint_proportions_2indep(k_b, n_b, k_a, n_a, method="newcomb")
    assert (found.ci_low, found.ci_high) == tuple(map(pytest.approx, limits))
    assert found.difference == pytest.approx(k_b / n_b - k_a / n_a)


@pytest.mark.parametrize("table", [(20, 8, 3, 19), (0, 5, 12, 3), (40, 1, 0, 2), (6, 9, 9, 6)])
def test_paired_shares_agree_with_mcnemar(table):
    both, only_a, only_b, neither = table
    found = compare_shares(np.repeat([1, 1, 0, 0], table), np.repeat([1, 0, 1, 0], table))
    square = [[both, only_a], [only_b, neither]]
    assert found.p_value == pytest.approx(mcnemar(square, exact=False, correction=False).pvalue)
    assert found.difference == pytest.approx((only_b - only_a) / sum(table))
    assert found.ci_low <= found.difference <= found.ci_high


@pytest.mark.parametrize("chances", [(0.3, 0.1, 0.1, 0.5), (0.5, 0.2, 0.05, 0.25), (0.05, 0.1, 0.3, 0.55)])
def test_paired_share_intervals_hold_as_often_as_they_say(chances):
    n = 20
    covered = 0.0
    for both, only_a, only_b in product(range(n + 1), repeat=3):
        neither = n - both - only_a - only_b
        if neither < 0:
            continue
        table = np.array([both, only_a, only_b, neither])
        found = compare_shares(np.repeat([1, 1, 0, 0], table), np.repeat([1, 0, 1, 0], table))
        if found.ci_low <= chances[2] - chances[1] <= found.ci_high:
            covered += np.exp(gammaln(n + 1) - gammaln(table + 1).sum() + table @ np.log(chances))
    assert 0.945 <= covered <= 0.985


def test_shares_that_are_all_alike_do_not_differ():
    found = compare_share_counts(30, 30, 40, 40)
    assert found.p_value == 1 and found.ci_low < 0 < found.ci_high
    unchanged = compare_shares([1, 1, 0, 0, 1], [1, 1, 0, 0, 1])
    assert unchanged.p_value == 1 and unchanged.ci_low < 0 < unchanged.ci_high


# Means


@pytest.mark.parametrize(("n_a", "n_b"), [(2, 2), (5, 40), (100, 30)])
def test_means_agree_with_welch(n_a, n_b):
    rng = np.random.default_rng(n_a)
    a, b = rng.normal(0, 1, n_a), rng.normal(0.5, 3, n_b)
    found, reference = compare_means(*unpaired(a, b)), stats.ttest_ind(b, a, equal_var=False)
    assert found.p_value == pytest.approx(reference.pvalue)
    limits = reference.confidence_interval()
    assert (found.ci_low, found.ci_high) == tuple(map(pytest.approx, limits))


def test_means_agree_with_the_paired_t_test():
    a, b = two_periods(2, 25, 25, 25)
    found, reference = compare_means(a, b), stats.ttest_rel(b, a)
    assert found.p_value == pytest.approx(reference.pvalue)
    limits = reference.confidence_interval()
    assert (found.ci_low, found.ci_high) == tuple(map(pytest.approx, limits))
    assert (found.method, found.n_both) == ("paired t", 25)


def test_partly_paired_means_follow_the_published_formula():
    a, b = two_periods(3, 12, 9, 5)
    both = ~np.isnan(a) & ~np.isnan(b)
    r = np.corrcoef(a[both], b[both])[0, 1]
    var_a, var_b = np.nanvar(a, ddof=1) / 12, np.nanvar(b, ddof=1) / 9
    t = (np.nanmean(b) - np.nanmean(a)) / np.sqrt(
        var_a + var_b - 2 * r * np.sqrt(var_a * 12 * var_b * 9) * 5 / (12 * 9)
    )
    welch = (var_a + var_b) ** 2 / (var_a**2 / 11 + var_b**2 / 8)
    freedom = (5 - 1) + (welch - 5 + 1) / (7 + 4 + 2 * 5) * (7 + 4)
    assert compare_means(a, b).p_value == pytest.approx(2 * stats.t.sf(abs(t), freedom))
    assert compare_means(a, b).method == "partly paired t"


# All together


COMPARED = {
    "nps": lambda a, b: compare_nps(answers(a), answers(b)),
    "shares": lambda a, b: compare_shares(above(a), above(b)),
    "means": compare_means,
}


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("kind", COMPARED)
def test_where_nothing_changed_one_in_twenty_is_called_a_change(kind, sizes):
    found = [COMPARED[kind](*two_periods(seed, *sizes)) for seed in range(600)]
    wrong = sum(one.p_value < 0.05 for one in found)
    assert stats.binom.ppf(0.001, 600, 0.04) <= wrong <= stats.binom.ppf(0.999, 600, 0.06)
    held = sum(one.ci_low <= 0 <= one.ci_high for one in found)
    assert stats.binom.ppf(0.001, 600, 0.94) <= held <= stats.binom.ppf(0.999, 600, 0.96)


@pytest.mark.parametrize("kind", COMPARED)
def test_pairs_that_resemble_each_other_say_more(kind):
    apart, paired = two_periods(4, 200, 200, 0, 0.9), two_periods(4, 200, 200, 200, 0.9)
    widths = [one.ci_high - one.ci_low for one in (COMPARED[kind](*apart), COMPARED[kind](*paired))]
    assert widths[1] < 0.7 * widths[0]


@given(st.integers(0, 10**6), st.sampled_from([*SIZES, (2, 2, 0), (2, 3, 1), (2, 2, 2)]))
@steady
def test_exchanging_the_periods_reverses_the_difference(seed, sizes):
    a, b = two_periods(seed, *sizes)
    for compare in COMPARED.values():
        one, other = compare(a, b), compare(b, a)
        assert one.difference == pytest.approx(-other.difference, abs=1e-12)
        assert one.ci_low == pytest.approx(-other.ci_high, nan_ok=True, abs=1e-9)
        assert one.p_value == pytest.approx(other.p_value, nan_ok=True)
        assert one.reason is not None or one.ci_low <= one.difference <= one.ci_high


@pytest.mark.parametrize("kind", COMPARED)
def test_too_few_is_reported(kind):
    one = COMPARED[kind](*unpaired([1.0], [0.2, 0.9, 1.1]))
    none = COMPARED[kind](*unpaired([0.1, 0.7], []))
    assert (one.reason, none.reason) == ("one observation", "no observations")
    assert np.isnan(astuple(one)[3:6]).all() and np.isnan(none.estimate_b) and one.n_a == 1


def test_without_variation_nothing_is_claimed():
    same, shifted = compare_means([3.0] * 5, [3.0] * 5), compare_means([3.0] * 5, [4.0] * 5)
    assert same.reason == shifted.reason == "all observations are alike"
    assert same.p_value == 1 and np.isnan(shifted.p_value) and np.isnan(shifted.ci_low)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: compare_nps([9, 10], [1, 0]),
        lambda: compare_shares([0.5, 1], [1, 0]),
        lambda: compare_means([1, 2], [1, 2, 3]),
        lambda: compare_nps_counts(5, 6, 10, 1, 1, 10),
        lambda: compare_money([1, np.nan], [1, 1], [1, 1], [1, 1], seed=1),
        lambda: compare_money([1, 1], [1, -1], [1, 1], [1, 1], seed=1),
        lambda: holm([0.1, 1.2]),
    ],
)
def test_impossible_input_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()


# Money


def money(seed: int, n_a: int, n_b: int, n_both: int, lost: float = 0.1):
    """MRR at end and start in two periods, in the aligned form; in the second a share `lost` leaves."""
    rng = np.random.default_rng(seed)
    n = n_a + n_b - n_both
    start = rng.choice([8.25, 9.99], n) * rng.integers(1, 4, n)
    end_a = start * rng.choice([0, 1, 1.2], n, p=[0.1, 0.7, 0.2])
    end_b = start * rng.choice([0, 1, 1.2], n, p=[lost, 0.8 - lost, 0.2])
    in_a, in_b = np.arange(n) < n_a, np.arange(n) >= n_a - n_both
    return end_a, np.where(in_a, start, np.nan), end_b, np.where(in_b, start, np.nan)


def statistic(y_a, x_a, y_b, x_b):
    """Difference of ratios of two lists of households, over its linearised standard error (no pairs)."""
    ratios = [sum(y_a) / sum(x_a), sum(y_b) / sum(x_b)]
    squares = sum(((y_a - ratios[0] * x_a) / sum(x_a)) ** 2) + sum(((y_b - ratios[1] * x_b) / sum(x_b)) ** 2)
    return abs(ratios[1] - ratios[0]) / np.sqrt(squares)


def test_money_agrees_with_all_permutations():
    rng = np.random.default_rng(1)
    start, change = rng.uniform(5, 50, 12), rng.uniform(0.3, 1.2, 12) + 0.25 * (np.arange(12) >= 5)
    end = start * change
    observed = statistic(end[:5], start[:5], end[5:], start[5:])
    dealt = []
    for first in combinations(range(12), 5):
        a = np.isin(np.arange(12), first)
        dealt.append(statistic(end[a], start[a], end[~a], start[~a]) >= observed * (1 - 1e-9))
    ends, starts = unpaired(end[:5], end[5:]), unpaired(start[:5], start[5:])
    found = compare_money(ends[0], starts[0], ends[1], starts[1], seed=1, permutations=20_000)
    assert 0.01 < np.mean(dealt) < 0.5
    assert found.p_value == pytest.approx(np.mean(dealt), abs=0.01)
    assert found.method == "two-sample permutation, bootstrap interval"


def test_paired_money_agrees_with_all_exchanges():
    rng = np.random.default_rng(2)
    start_a = rng.uniform(5, 50, 9)
    start_b, end_a = start_a * rng.uniform(0.9, 1.1, 9), start_a * rng.uniform(0.7, 1.0, 9)
    end_b = start_b * rng.uniform(0.75, 1.2, 9)

    def exchanged(swap):
        y_a, x_a = np.where(swap, end_b, end_a), np.where(swap, start_b, start_a)
        y_b, x_b = np.where(swap, end_a, end_b), np.where(swap, start_a, start_b)
        r_a, r_b = y_a.sum() / x_a.sum(), y_b.sum() / x_b.sum()
        parts = (y_b - r_b * x_b) / x_b.sum() - (y_a - r_a * x_a) / x_a.sum()
        return abs(r_b - r_a) / np.sqrt((parts**2).sum())

    observed = exchanged(np.zeros(9, dtype=bool))
    every = [exchanged(np.array(swap)) >= observed * (1 - 1e-9) for swap in product([False, True], repeat=9)]
    found = compare_money(end_a, start_a, end_b, start_b, seed=1, permutations=20_000)
    assert 0.005 < np.mean(every) < 0.5
    assert found.p_value == pytest.approx(np.mean(every), abs=0.01)
    assert found.method == "paired permutation, bootstrap interval"
    assert found.reason == "too few households carry the denominator"


@pytest.mark.parametrize("sizes", [(50, 50, 0), (50, 50, 50), (60, 45, 25)])
def test_money_that_did_not_change_is_rarely_called_changed(sizes):
    found = [
        compare_money(*money(seed, *sizes), seed=seed, permutations=200, replicates=300)
        for seed in range(300)
    ]
    wrong = sum(one.p_value <= 0.05 for one in found)
    assert stats.binom.ppf(0.001, 300, 0.04) <= wrong <= stats.binom.ppf(0.999, 300, 0.055)
    held = sum(one.ci_low <= 0 <= one.ci_high for one in found)
    assert stats.binom.ppf(0.001, 300, 0.94) <= held <= stats.binom.ppf(0.999, 300, 0.96)


def test_money_that_changed_is_found_and_the_same_seed_finds_the_same():
    columns = money(1, 400, 300, 200, lost=0.3)
    found = compare_money(*columns, seed=1, permutations=500)
    assert found.p_value < 0.01 and found.ci_low < found.difference < found.ci_high < 0
    assert (found.n_a, found.n_b, found.n_both) == (400, 300, 200)
    assert found == compare_money(*columns, seed=1, permutations=500)
    unsure = [compare_money(*money(1, 60, 60, 30), seed=seed, permutations=500) for seed in (1, 2)]
    assert unsure[0].p_value != unsure[1].p_value and unsure[0].ci_low != unsure[1].ci_low
    absent = [np.insert(column, 7, np.nan) for column in columns]
    assert found == compare_money(*absent, seed=1, permutations=500)


def test_money_that_cannot_be_compared_says_so():
    ones = np.ones(40)
    gone = np.full(40, np.nan)
    assert compare_money(ones, gone, ones, ones, seed=1).reason == "no observations"
    assert compare_money(ones, 0 * ones, ones, ones, seed=1).reason == "the denominator is zero"
    same = compare_money(ones, 3 * ones, ones, 3 * ones, seed=1)
    assert (same.reason, same.p_value) == ("all observations are alike", 1)
    moved = compare_money(2 * ones, 3 * ones, ones, 3 * ones, seed=1)
    assert moved.reason == "all observations are alike" and np.isnan(moved.p_value)


# Holm


@pytest.mark.parametrize("claims", [1, 2, 5, 40])
def test_holm_agrees_with_statsmodels(claims):
    p_values = np.random.default_rng(claims).uniform(0, 0.2, claims).round(2)
    np.testing.assert_allclose(holm(p_values), multipletests(p_values, method="holm")[1], atol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@steady
def test_holm_never_lowers_nor_reorders(p_values):
    found = holm(p_values)
    assert (found >= p_values).all() and (found <= 1).all() and found.min() <= len(found) * min(p_values)
    assert (np.diff(found[np.argsort(p_values)]) >= 0).all()
    gaps = holm([np.nan, *p_values, np.nan])
    assert np.isnan(gaps[[0, -1]]).all() and np.array_equal(gaps[1:-1], found)


def test_holm_by_hand():
    np.testing.assert_allclose(holm([0.04, 0.01, np.nan, 0.03]), [0.06, 0.03, np.nan, 0.06])
    assert len(holm([])) == 0
