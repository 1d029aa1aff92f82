"""Tests of whether a count has risen: against scipy's own tests, at their edges, and for false alarms."""

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_ind
from scipy.stats import t as student

from customer_success.voice import rising


def test_the_binomial_is_that_of_scipy():
    counts, customers = [30, 12, 15, 9], [120, 100, 110, 90]
    tested = rising([counts], [customers])
    expected = binomtest(30, sum(counts), 120 / sum(customers), alternative="greater").pvalue
    assert tested.p_binomial[0] == pytest.approx(expected, rel=1e-9)
    assert tested.expected[0] == pytest.approx(120 * (12 + 15 + 9) / 300)


def test_the_t_is_that_of_one_new_observation():
    # With a variance above 1, it is the pooled two-sample t of one observation against many.
    counts = np.array([160.0, 10, 40, 90, 20, 70])
    level = 2 * np.sqrt(counts + 3 / 8)
    expected = ttest_ind(level[:1], level[1:], alternative="greater").pvalue
    tested = rising([counts], [np.full(6, 100.0)])
    assert tested.p_t[0] == pytest.approx(expected, rel=1e-9)


def test_equal_earlier_windows_still_vary_like_poisson_counts():
    tested = rising([[25, 16, 16, 16, 16]], [np.full(5, 100.0)])
    t = 2 * (np.sqrt(25.375) - np.sqrt(16.375)) / np.sqrt(1.25)
    assert 0 < tested.p_t[0] < 1
    assert tested.p_t[0] == pytest.approx(student.sf(t, 3), rel=1e-9)


def test_a_burst_as_has_occurred_before_is_no_news():
    customers = np.full(13, 1000.0)
    bursts = [60, 10, 55, 12, 9, 61, 11, 10, 58, 12, 10, 9, 57]
    tested = rising([bursts], [customers])
    assert tested.p_binomial[0] < 1e-6
    assert tested.p_value[0] > 0.05


def test_more_customers_alone_are_no_news():
    grown = rising([[60, *[20] * 12]], [[3000, *[1000] * 12]])
    assert grown.p_t[0] < 0.01
    assert grown.p_value[0] == grown.p_binomial[0] > 0.4
    same = rising([[60, *[20] * 12]], [[1000, *[1000] * 12]])
    assert same.p_value[0] < 1e-4


def test_what_is_unknown_stays_unknown():
    tested = rising([[5, 1, np.nan], [5, 1, 1], [0, 0, 0]], [[9, 9, np.nan], [0, 0, 0], [9, 9, 9]])
    assert np.isnan(tested.p_value[0]) and np.isnan(tested.expected[0])
    assert np.isnan(tested.p_value[1])
    assert tested.p_value[2] == 1.0 and tested.expected[2] == 0.0


@pytest.mark.parametrize(
    ("counts", "exposures"),
    [([[1, 2]], [[1, 1]]), ([[1, 2, 3]], [[1, 1]]), ([[-1, 2, 3]], [[1, 1, 1]]), ([[1, 2, 3]], [[1, -1, 1]])],
)
def test_wrong_input_is_refused(counts, exposures):
    with pytest.raises(ValueError):
        rising(counts, exposures)


def test_false_alarms_stay_below_their_level():
    draws = np.random.default_rng(7).poisson(20, size=(20_000, 13))
    tested = rising(draws, np.full(draws.shape, 1000.0))
    assert np.mean(tested.p_value < 0.01) <= 0.011
