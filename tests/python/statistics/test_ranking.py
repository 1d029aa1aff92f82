"""Rank metrics against brute force, and their intervals by how often they hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from customer_success.statistics import (
    ReplicateHistograms,
    auc,
    auc_difference,
    band_rates,
    replicate_histograms,
    worst_share_lift,
)
from customer_success.statistics.resampling import BLOCK, household_counts

steady = settings(max_examples=60)
rows = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 100), st.booleans()), min_size=2, max_size=200
).filter(lambda found: len({left for _, _, left in found}) == 2)


def counted(household, score, left, **how) -> ReplicateHistograms:
    return replicate_histograms(household, score, 1, np.asarray(left, dtype=int), **{"seed": 1, **how})


def company(seed: int, households: int, strength: float = 15, noise: float = 6):
    """Weekly rows of households whose risk lasts: (household, score, leaves within eight weeks)."""
    rng = np.random.default_rng(seed)
    risk = rng.normal(size=households)
    leaves = rng.geometric(1 / (1 + np.exp(3.5 - 1.2 * risk)) / 4)
    weeks = np.arange(40)
    here = weeks < leaves[:, None]
    own = 62 - strength * risk + noise * rng.normal(size=households)
    score = np.clip(np.round(own[:, None] + 4 * rng.normal(size=here.shape)), 0, 100).astype(int)
    household = np.broadcast_to(np.arange(households)[:, None], here.shape)
    return household[here], score[here], (leaves[:, None] - weeks <= 8)[here]


# The measures


@given(rows)
@steady
def test_auc_agrees_with_mann_whitney(found):
    household, score, left = (np.array(column) for column in zip(*found, strict=True))
    u = stats.mannwhitneyu(score[~left], score[left]).statistic
    result = auc(counted(household, score, left, replicates=50))
    assert result.value == pytest.approx(u / (left.sum() * (~left).sum()))
    assert (result.n, result.left) == (len(score), left.sum())


def test_lift_by_hand():
    # 20 rows, so the worst tenth is two: the one at 10, which left, and a quarter of the four at 20, two of
    # which left.
    score, n, left = [10, 20, 30], [1, 4, 15], [1, 2, 1]
    found = replicate_histograms(np.arange(3), score, n, left, replicates=20, seed=1)
    assert worst_share_lift(found).value == pytest.approx(((1 + 2 / 4) / 2) / (4 / 20))
    assert worst_share_lift(found, share=0.25).value == pytest.approx((3 / 5) / (4 / 20))


@given(rows)
@steady
def test_lift_is_that_of_tied_rows_in_all_orders(found):
    household, score, left = (np.array(column) for column in zip(*found, strict=True))
    mean_of_ties = np.array([left[score == own].mean() for own in score])[np.argsort(score, kind="stable")]
    taken = np.clip(0.1 * len(score) - np.arange(len(score)), 0, 1)
    expected = (taken @ mean_of_ties) / (0.1 * len(score)) / left.mean()
    assert worst_share_lift(counted(household, score, left, replicates=50)).value == pytest.approx(expected)


def test_bands_hold_each_row_once():
    score = np.arange(101)
    found = band_rates(counted(score, score, score < 50, replicates=20), (0, 40, 60, 80))
    assert [band.n for band in found] == [40, 20, 20, 21]
    assert [band.value for band in found] == [1, 0.5, 0, 0]
    with pytest.raises(ValueError):
        band_rates(counted(score, score, score < 50, replicates=20), (10, 40))


# The replicates


def test_a_replicate_is_the_measure_of_the_households_drawn():
    household, score, left = company(1, 50)
    found = counted(household, score, left, replicates=20)
    drawn = household_counts(0, 50, 20, seed=1)
    assert (drawn[:, 0] == 1).all() and drawn[:, 1:].max() > 1
    for replicate in range(6):
        again = np.repeat(np.arange(len(household)), drawn[household, replicate])
        u = stats.mannwhitneyu(score[again][~left[again]], score[again][left[again]]).statistic
        one = ReplicateHistograms(np.insert(found.counts, 0, found.counts[..., replicate], axis=-1))
        assert auc(one).value == pytest.approx(u / (left[again].sum() * (~left[again]).sum()))


def test_draws_are_poisson_and_a_households_own():
    drawn = household_counts(3, BLOCK, 200, seed=5)[:, 1:].astype(float)
    assert drawn.mean() == pytest.approx(1, abs=0.01) and drawn.var() == pytest.approx(1, abs=0.02)
    assert np.array_equal(household_counts(3, 10, 200, seed=5)[:, 1:], drawn[:10])
    for other in (household_counts(4, BLOCK, 200, seed=5), household_counts(3, BLOCK, 200, seed=6)):
        assert abs(np.corrcoef(drawn.ravel(), other[:, 1:].ravel())[0, 1]) < 0.02


def test_slices_orders_and_groups_make_no_difference():
    household, score, left = company(2, 3000)
    group = (household + score) % 3
    size = {"groups": 3, "replicates": 20}
    whole = counted(household, score, left, group=group, **size)
    mixed = np.random.default_rng(1).permutation(len(household))
    again = counted(household[mixed], score[mixed], left[mixed], group=group[mixed], **size)
    assert np.array_equal(whole.counts, again.counts)
    parts = [
        counted(household[k], score[k], left[k], group=group[k], **size)
        for k in (household < 700, household >= 700)
    ]
    assert np.array_equal(whole.counts, (parts[0] + parts[1]).counts)
    alone = counted(household[group == 2], score[group == 2], left[group == 2], replicates=20)
    assert np.array_equal(whole.counts[2:], alone.counts)
    assert auc(whole, 2) == auc(alone)


def test_entries_may_come_counted():
    household, score, left = company(3, 40)
    key, place = np.unique(np.column_stack([household, score]), axis=0, return_inverse=True)
    n, gone = np.bincount(place), np.bincount(place, weights=left).astype(int)
    found = replicate_histograms(key[:, 0], key[:, 1], n, gone, replicates=20, seed=1)
    assert np.array_equal(found.counts, counted(household, score, left, replicates=20).counts)


def test_counts_stay_exact_where_they_are_large():
    n = np.array([2**24 + 1, 2**26 + 3])
    found = replicate_histograms([0, 1], [7, 7], n, [0, 0], replicates=50, seed=1).counts[0, 0, 7]
    assert np.array_equal(found, n @ household_counts(0, 2, 50, seed=1).astype(np.int64))


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: replicate_histograms([0], [101], [1], [0], seed=1),
        lambda: replicate_histograms([0], [-1], [1], [0], seed=1),
        lambda: replicate_histograms([0], [50.5], [1], [0], seed=1),
        lambda: replicate_histograms([-1], [50], [1], [0], seed=1),
        lambda: replicate_histograms([0], [50], [1], [2], seed=1),
        lambda: replicate_histograms([0], [50], [1], [1], group=1, seed=1),
        lambda: replicate_histograms([0], [50], [1], [1], replicates=19, seed=1),
        lambda: worst_share_lift(counted([0], [1], [1]), share=1.0),
    ],
)
def test_impossible_input_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()


# What cannot be known


def test_too_few_is_reported():
    household, score, left = company(4, 300)
    empty = counted(household, score, left & False)
    for measure in (auc(empty), worst_share_lift(empty)):
        assert measure.reason == "nobody left" and np.isnan([measure.value, measure.ci_low]).all()
    assert auc(counted(household, score, left | True)).reason == "nobody stayed"
    assert auc(counted([], [], [])).reason == "no rows"
    leavers = np.unique(household[left])
    few, enough = (auc(counted(household, score, left & np.isin(household, leavers[:k]))) for k in (6, 25))
    assert few.reason == "too few households left" and np.isfinite(few.value) and np.isnan(few.ci_low)
    assert enough.reason is None and enough.ci_low < enough.value < enough.ci_high
    mostly = np.isin(household, leavers[:6])
    assert auc(counted(household, score, ~mostly)).reason == "too few households stayed"
    empty_band = band_rates(counted(household, np.minimum(score, 79), left), (0, 40, 80))[-1]
    assert (empty_band.reason, empty_band.n) == ("no rows", 0) and np.isnan(empty_band.value)


# How often the intervals hold


def test_intervals_over_households_hold_and_those_over_weekly_rows_do_not():
    truth = counted(*company(0, 100_000), replicates=20)
    true_auc, true_lift = auc(truth).value, worst_share_lift(truth).value
    true_band = band_rates(truth, (0, 40, 60, 80))[1].value
    runs, held = 250, {"auc": 0, "lift": 0, "band": 0, "naive": 0}
    for seed in range(1, runs + 1):
        household, score, left = company(seed, 150)
        clustered = counted(household, score, left, replicates=300, seed=seed)
        naive = counted(np.arange(len(household)), score, left, replicates=100, seed=seed)
        for name, found, true in (
            ("auc", auc(clustered), true_auc),
            ("lift", worst_share_lift(clustered), true_lift),
            ("band", band_rates(clustered, (0, 40, 60, 80))[1], true_band),
            ("naive", auc(naive), true_auc),
        ):
            held[name] += found.ci_low <= true <= found.ci_high
    least, most = stats.binom.ppf([0.001, 0.999], runs, 0.95)
    assert least <= held["auc"] <= most
    assert least <= held["lift"] <= most
    assert least <= held["band"] <= most
    assert 0.4 <= held["naive"] / runs <= 0.7


def two_scorecards(seed: int, noise: float, households: int = 150):
    """The same rows scored twice, alike but for the noise of the second."""
    household, score, left = company(seed, households, noise=0)
    rng = np.random.default_rng(-seed % 2**32)
    scores = [
        np.clip(np.round(score + spread * rng.normal(size=households)[household]), 0, 100).astype(int)
        for spread in (25, noise)
    ]
    return replicate_histograms(
        np.tile(household, 2),
        np.concatenate(scores),
        1,
        np.tile(left, 2).astype(int),
        group=np.repeat([0, 1], len(left)),
        groups=2,
        replicates=400,
        seed=seed,
    )


def test_a_better_scorecard_is_found_and_an_equal_one_is_not():
    better = auc_difference(two_scorecards(1, noise=0, households=600), 0, 1)
    assert better.p_value < 0.01 and 0 < better.ci_low < better.difference < better.ci_high
    assert better.difference == pytest.approx(better.estimate_b - better.estimate_a)
    same = auc_difference(two_scorecards(1, noise=0), 1, 1)
    assert (same.difference, same.p_value) == (0, 1)
    wrong = sum(auc_difference(two_scorecards(seed, noise=25), 0, 1).p_value < 0.05 for seed in range(1, 201))
    assert wrong <= stats.binom.ppf(0.999, 200, 0.05)
    assert wrong >= 2


def test_pairing_makes_differences_surer():
    found = two_scorecards(2, noise=0)
    apart = sum((auc(found, group).ci_high - auc(found, group).ci_low) ** 2 for group in (0, 1)) ** 0.5
    paired = auc_difference(found, 0, 1)
    assert paired.ci_high - paired.ci_low < 0.9 * apart


def test_a_difference_needs_both():
    household, score, left = company(5, 100)
    found = counted(household, score, left, groups=2)
    assert auc_difference(found, 0, 1).reason == "no rows"
    assert np.isnan(auc_difference(found, 0, 1).p_value)
