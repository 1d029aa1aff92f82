"""The relative change of a ratio against statsmodels, and by how often its interval errs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from customer_success.statistics import unpaired
from customer_success.statistics.relative import relative_change

CASES = [(12, 40, 30, 90), (5, 100, 9, 90), (300, 1000, 180, 1000)]


def shares(k_a: int, n_a: int, k_b: int, n_b: int):
    """Two samples of 0 and 1 that share no household, with their denominators."""
    a, b = unpaired(np.repeat([1.0, 0.0], (k_a, n_a - k_a)), np.repeat([1.0, 0.0], (k_b, n_b - k_b)))
    return a, np.where(np.isnan(a), np.nan, 1.0), b, np.where(np.isnan(b), np.nan, 1.0)


@pytest.mark.parametrize("case", CASES)
def test_two_shares_have_katz_interval(case):
    k_a, n_a, k_b, n_b = case
    found = relative_change(*shares(*case))
    low, high = confint_proportions_2indep(k_b, n_b, k_a, n_a, compare="ratio", method="log")
    assert found.value == pytest.approx((k_b / n_b) / (k_a / n_a) - 1)
    assert (found.ci_low + 1, found.ci_high + 1) == pytest.approx((low, high))


def test_pairs_that_move_together_tell_more_than_strangers():
    rng = np.random.default_rng(3)
    size = rng.lognormal(size=200)
    a, b = size * rng.uniform(0.9, 1.1, 200), size * rng.uniform(0.7, 0.9, 200)
    one = np.ones(200)
    together = relative_change(a, one, b, one)
    (a2, b2), (x_a, x_b) = unpaired(a, b), unpaired(one, one)
    apart = relative_change(a2, x_a, b2, x_b)
    assert together.value == pytest.approx(apart.value)
    assert together.ci_high - together.ci_low < 0.2 * (apart.ci_high - apart.ci_low)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_coverage(rho):
    """Ratios of money, 20% less in the second period; half of the households are in both."""
    rng = np.random.default_rng(11)
    truth, n, hits = -0.2, 240, 0
    for _ in range(1000):
        common, own_a, own_b = rng.normal(size=(3, n))
        x_a = np.exp(0.5 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * own_a))
        x_b = np.exp(0.5 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * own_b))
        y_a, y_b = 0.5 * x_a * rng.uniform(0.5, 1.5, n), 0.4 * x_b * rng.uniform(0.5, 1.5, n)
        x_a[: n // 4], x_b[-n // 4 :] = np.nan, np.nan
        found = relative_change(y_a, x_a, y_b, x_b)
        hits += found.ci_low <= truth <= found.ci_high
    assert 0.93 <= hits / 1000 <= 0.97


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=20), st.floats(0.1, 10))
def test_units_do_not_matter(rows, factor):
    y_a, y_b = np.array(rows, dtype=float).T
    one = np.ones(len(rows))
    found, scaled = relative_change(y_a, one, y_b, one), relative_change(factor * y_a, one, factor * y_b, one)
    assert scaled.value == pytest.approx(found.value)
    assert (scaled.ci_low, scaled.ci_high) == pytest.approx((found.ci_low, found.ci_high), nan_ok=True)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (([], [], [], []), "no observations"),
        (([1], [1], [1], [1]), "one observation"),
        (([0, 0], [1, 1], [1, 0], [1, 1]), "a share of itself is undefined where a ratio is not above 0"),
        (([1, 0], [1, 1], [0, 0], [1, 1]), "a share of itself is undefined where a ratio is not above 0"),
        (([2, 2], [1, 1], [1, 1], [1, 1]), "all observations are alike"),
    ],
)
def test_what_cannot_be_computed_is_reported(case, reason):
    found = relative_change(*case)
    assert np.isnan(found.ci_low) and found.reason == reason


def test_unaligned_and_unknown_are_refused():
    with pytest.raises(ValueError, match="aligned"):
        relative_change([1, 2], [1, 1], [1], [1])
    with pytest.raises(ValueError, match="is known"):
        relative_change([np.nan, 2], [1, 1], [1, 2], [1, 1])
