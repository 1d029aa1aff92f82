"""The classifier against the best possible prediction, on simulated data: ``python -m bench.skill``.

The simulator knows each household's true chance of leaving (``data/truth``), which nothing in the project
reads. Ranking by it is the best that any model can do in expectation; .5 is no skill. What a model attains is
its share of the distance from .5 to that AUC. Intervals are percentile intervals of a bootstrap over
households.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from customer_success.churn import SNAPSHOTS, Settings, fit, read_table
from customer_success.churn.bootstrap import household_weights, interval, sum_by_household, weighted_sums
from customer_success.churn.evaluate import predict_test
from customer_success.churn.metrics import RANK_BINS, Sample, populations, score_groups
from customer_success.churn.rank_metrics import roc_auc

TRUTH = "true probability"
QUERY = """
    select
        snapshots.household_id,
        snapshots.snapshot_date,
        -- A household that left before the snapshot without a sign leaves for certain.
        case when truth.is_present then truth.p_leave_30d else 1 end as p
    from intermediate.int_churn_snapshots as snapshots
    left join read_parquet(?) as truth
        on snapshots.household_id = truth.household_id and snapshots.snapshot_date = truth.snapshot_date
"""


def skill(database: Path, truth: Path, settings: Settings) -> pd.DataFrame:
    """Return a row per population and ranking: auc, ci_low, ci_high, attained and its interval, n, positives.

    ``attained``: (AUC - .5) / (AUC of the true probability - .5). Raises ValueError where the run abstains.
    """
    with duckdb.connect(str(database), read_only=True) as connection:
        table = connection.sql("from intermediate.int_churn_snapshots").to_arrow_table()
        known = connection.execute(QUERY, [str(truth / "leave_probability.parquet")]).df()
    data = read_table(table, SNAPSHOTS)
    fitted = fit(data, SNAPSHOTS, settings)
    if fitted.abstention:
        raise ValueError(f"no model: {fitted.abstention}")
    samples = predict_test(fitted, data)
    tested = data.take(np.isin(data.date, fitted.split.test))
    keys = pd.DataFrame({"household_id": data.ids[tested.household], "snapshot_date": tested.date})
    best = keys.merge(known.astype({"snapshot_date": keys["snapshot_date"].dtype}), how="left")["p"]
    samples = {TRUTH: replace(samples[settings.primary], probability=best.to_numpy(dtype=float)), **samples}
    weights = household_weights(len(data.ids), settings.bootstrap, settings.seed)
    rows = []
    for population in populations(samples[TRUTH], settings):
        parts = {name: populations(sample, settings)[population] for name, sample in samples.items()}
        known_rows = ~np.isnan(parts[TRUTH].probability)
        aucs = {name: _aucs(part.take(known_rows), weights) for name, part in parts.items()}
        n, positives = int(known_rows.sum()), int(parts[TRUTH].label[known_rows].sum())
        for name, found in aucs.items():
            attained = (found - 0.5) / (aucs[TRUTH] - 0.5)
            bounds = [*interval(found[1:], settings.confidence), *interval(attained[1:], settings.confidence)]
            rows.append((population, name, found[0], *bounds[:2], attained[0], *bounds[2:], n, positives))
    columns = [
        "population",
        "ranking",
        "auc",
        "ci_low",
        "ci_high",
        "attained",
        "attained_low",
        "attained_high",
    ]
    return pd.DataFrame(rows, columns=[*columns, "n", "positives"])


def _aucs(sample: Sample, weights: np.ndarray) -> np.ndarray:
    """Return the AUC, and after it those of the replicates, shape (1 + replicates,)."""
    bins = score_groups(sample.probability, max(RANK_BINS, len(sample.label)))
    size = int(bins.max()) + 1
    row = bins + size * (sample.label == 0)
    counts = sum_by_household(row, sample.household, np.ones(len(row)), (2 * size, len(weights)))
    with_all = np.column_stack([np.ones(len(weights)), weights])
    parts = [roc_auc(some[:, :size], some[:, size:]) for some in weighted_sums(counts, with_all)]
    return np.concatenate(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.skill", description=__doc__)
    parser.add_argument("--database", type=Path, default=Path("warehouse/working.duckdb"))
    parser.add_argument("--truth", type=Path, default=Path("data/truth"))
    options = parser.parse_args()
    print(skill(options.database, options.truth, Settings()).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
