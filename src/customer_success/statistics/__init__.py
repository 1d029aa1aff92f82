"""Intervals, comparisons and rank metrics: pure functions of numbers, seeded, without files or clocks.

Every result has its sample and its method, and where it cannot be computed, the reason: a missing interval
is NaN with a `reason`, never a guess. The default confidence is 0.95.
"""

from .comparisons import (
    Comparison,
    compare_means,
    compare_money,
    compare_nps,
    compare_nps_counts,
    compare_share_counts,
    compare_shares,
    holm,
    unpaired,
)
from .intervals import (
    Interval,
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
from .ranking import (
    RankMetric,
    ReplicateHistograms,
    auc,
    auc_difference,
    band_rates,
    replicate_histograms,
    worst_share_lift,
)

__all__ = [
    "Comparison",
    "Interval",
    "RankMetric",
    "ReplicateHistograms",
    "auc",
    "auc_difference",
    "band_rates",
    "bootstrap_mean_interval",
    "bootstrap_mean_intervals",
    "compare_means",
    "compare_money",
    "compare_nps",
    "compare_nps_counts",
    "compare_share_counts",
    "compare_shares",
    "holm",
    "mean_interval",
    "mean_intervals",
    "nps_interval",
    "nps_intervals",
    "ratio_interval",
    "ratio_intervals",
    "replicate_histograms",
    "share_interval",
    "share_intervals",
    "unpaired",
    "worst_share_lift",
]
