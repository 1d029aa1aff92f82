"""Splits training and test: by time first, by household within training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TimeSplit:
    """Dates, datetime64[D]: ``train`` are those whose labels were known by the first of ``test``."""

    train: np.ndarray
    test: np.ndarray


def split_by_time(dates: np.ndarray, test_snapshots: int, label_delay_days: int) -> TimeSplit:
    """Split the distinct snapshot dates: the last ``test_snapshots`` test.

    A date d trains where d + ``label_delay_days`` is not after the first test date: a model trained on that
    day could not have used more. ``train`` is empty where no date is that old, ``test`` where there are
    no more dates than test snapshots.
    """
    distinct = np.unique(dates)
    if len(distinct) <= test_snapshots:
        return TimeSplit(distinct[:0], distinct[:0])
    test = distinct[-test_snapshots:]
    known = distinct + np.timedelta64(label_delay_days, "D") <= test[0]
    return TimeSplit(distinct[known], test)


def household_folds(household: np.ndarray, label: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Return the fold of each row, shape (n,), 0…folds-1: all rows of a household share one.

    Households with a positive row and those without are dealt separately, in seeded random order, so that
    each fold has its share of both.
    """
    codes, row = np.unique(household, return_inverse=True)
    churned = np.zeros(len(codes), dtype=bool)
    churned[row[label == 1]] = True
    shuffled = np.random.default_rng(seed).permutation(len(codes))
    dealt = np.concatenate([shuffled[churned[shuffled]], shuffled[~churned[shuffled]]])
    fold = np.empty(len(codes), dtype=np.int64)
    fold[dealt] = np.arange(len(codes)) % folds
    return fold[row]


def sample_households(household: np.ndarray, most_rows: int, seed: int) -> np.ndarray:
    """Return a mask of rows, shape (n,): whole households in seeded random order while they fit.

    All rows where there are no more than ``most_rows``; at least one household in any case.
    """
    if len(household) <= most_rows:
        return np.ones(len(household), dtype=bool)
    codes, row, sizes = np.unique(household, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(codes))
    chosen = order[: max(1, np.searchsorted(np.cumsum(sizes[order]), most_rows, side="right"))]
    mask = np.zeros(len(codes), dtype=bool)
    mask[chosen] = True
    return mask[row]
