"""Splits by time and by household."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from customer_success.churn.split import household_folds, sample_households, split_by_time

FIRST = np.datetime64("2025-01-05")


def test_training_labels_were_known_by_the_first_test_snapshot():
    dates = FIRST + np.arange(0, 20 * 28, 28)
    split = split_by_time(np.repeat(dates, 3), test_snapshots=3, label_delay_days=60)
    assert split.test.tolist() == dates[-3:].tolist()
    assert split.train.tolist() == dates[:15].tolist()  # 28 and 56 days before are too late, 84 is not


def test_the_last_day_on_which_a_label_is_known_in_time():
    dates = FIRST + np.array([0, 1, 61, 62, 63])
    assert split_by_time(dates, 3, 60).train.tolist() == dates[:2].tolist()
    assert split_by_time(dates, 3, 61).train.tolist() == dates[:1].tolist()


def test_too_few_snapshots_leave_nothing():
    split = split_by_time(FIRST + np.array([0, 28, 56]), 3, 60)
    assert len(split.train) == len(split.test) == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=200), st.integers(2, 5))
def test_folds_keep_households_together_and_share_churners_evenly(rows, folds):
    household, label = np.array([r[0] for r in rows]), np.array([int(r[1]) for r in rows])
    fold = household_folds(household, label, folds, seed=1)
    assert all(len(np.unique(fold[household == code])) == 1 for code in np.unique(household))
    churned = [len(np.unique(household[(fold == f) & (label == 1)])) for f in range(folds)]
    assert max(churned) - min(churned) <= 1
    everyone = [len(np.unique(household[fold == f])) for f in range(folds)]
    assert max(everyone) - min(everyone) <= 1


@given(st.lists(st.integers(0, 20), min_size=1, max_size=200), st.integers(1, 150))
def test_samples_are_whole_households_within_the_limit(codes, limit):
    household = np.array(codes)
    mask = sample_households(household, limit, seed=2)
    inside = np.unique(household[mask])
    assert not np.isin(household[~mask], inside).any()
    assert mask.all() if len(codes) <= limit else mask.sum() <= limit or len(inside) == 1
    assert mask.any()
    np.testing.assert_array_equal(mask, sample_households(household, limit, seed=2))
