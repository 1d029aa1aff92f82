"""Whether a count of households is news against earlier windows: two one-sided tests, by scipy.

Both take counts and the customers (on average) of each window, the latest window first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import binom, t

LEAST_VARIANCE = 1.0  # that of the root of a Poisson count


def burst_p(counts: Sequence[int], customers: Sequence[float]) -> float | None:
    """Return the larger p-value of both tests; None where a window has no customers."""
    if min(customers) <= 0:
        return None
    return max(conditional_p(counts, customers), root_p(counts, customers))


def conditional_p(counts: Sequence[int], customers: Sequence[float]) -> float:
    """Of all counts together, at least as many in the latest window by its share of the customers."""
    now, total = counts[0], sum(counts)
    if total == 0:
        return 1.0
    return float(binom.sf(now - 1, total, customers[0] / sum(customers)))


def root_p(counts: Sequence[int], customers: Sequence[float]) -> float:
    """Compare the root of the latest count with those of earlier ones, each scaled to today's customers.

    The root is Anscombe's (1948), 2 sqrt(count + 3/8); the variance is that among the earlier windows, at
    least that of a Poisson count; Student's t of a further observation.
    """
    scaled = np.asarray(counts, float) * customers[0] / np.asarray(customers, float)
    roots = 2 * np.sqrt(scaled + 3 / 8)
    earlier = roots[1:]
    variance = max(LEAST_VARIANCE, float(np.var(earlier, ddof=1)))
    error = np.sqrt(variance * (1 + 1 / len(earlier)))
    return float(t.sf((roots[0] - earlier.mean()) / error, len(earlier) - 1))
