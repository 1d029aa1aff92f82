"""A run of the classifier, fitted again: its inputs, shuffled labels, and its metrics on the test rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from customer_success.churn import SNAPSHOTS, RiskBands, Settings, bands_of, fit
from customer_success.churn.calibrate import CalibratedModel
from customer_success.churn.calibration_table import COLUMNS, calibration_table
from customer_success.churn.metrics import Sample
from customer_success.churn.table import Snapshots

from .households.seeds import SEEDS

CLOSE = 1e-9
SECOND = {
    "roc_auc": roc_auc_score,
    "average_precision": average_precision_score,
    "brier": brier_score_loss,
    "log_loss": log_loss,
}


@dataclass(frozen=True)
class Inputs:
    """The inputs of a run; snapshots are in order of household and date."""

    snapshots: pa.Table
    customers: pa.Table
    bands: RiskBands
    settings: Settings

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, variables: Mapping[str, object]) -> Inputs:
        """Read the tables of the build, the seed of bands and the vars."""
        return cls(
            connection.sql(
                "from intermediate.int_churn_snapshots order by household_id, snapshot_date"
            ).to_arrow_table(),
            connection.sql("from intermediate.int_churn_customers order by household_id").to_arrow_table(),
            bands_of(pd.read_csv(SEEDS / "churn" / "churn_probability_bands.csv")),
            Settings(
                seed=int(variables["random_seed"]),
                label_delay_days=int(variables["churn_horizon_days"])
                + int(variables["churn_inactivity_days"]),
                least_change=float(str(variables["churn_least_change"])),
            ),
        )


def shuffled(data: pa.Table, settings: Settings) -> pa.Table:
    """Return the snapshots with the labels of the test rows in a seeded random order."""
    dates = data["snapshot_date"].to_numpy()
    tested = np.flatnonzero(np.isin(dates, np.unique(dates)[-settings.test_snapshots :]))
    labels = data["churned_next_30d"].to_numpy().copy()
    labels[tested] = labels[np.random.default_rng(settings.seed).permutation(tested)]
    place = data.column_names.index("churned_next_30d")
    return data.set_column(place, "churned_next_30d", pa.array(labels))


def fitted(snapshots: pa.Table, settings: Settings) -> CalibratedModel | None:
    found = fit(snapshots, SNAPSHOTS, settings).candidates.get(settings.primary)
    return found and found.model


def test_rows(data: Snapshots, settings: Settings) -> Snapshots:
    return data.take(np.isin(data.date, np.unique(data.date)[-settings.test_snapshots :]))


def wrong_evaluation(
    tables: Mapping[str, list[dict]], predict, data: Snapshots, settings: Settings
) -> list[str]:
    """Compare calibration table and metrics of the test rows with the model's probabilities and true labels.

    ``predict`` gives the probabilities of a table of features. The metrics are scikit-learn's.
    """
    test = test_rows(data, settings)
    probability = predict(test.features)
    sample = Sample(probability, test.label, test.household)
    bins = calibration_table(sample, settings.bins, settings.confidence)
    stored = pd.DataFrame(tables["calibration"])
    found = []
    if len(bins) != len(stored) or not np.allclose(
        bins[COLUMNS].to_numpy(float), stored[COLUMNS].to_numpy(float), rtol=0, atol=CLOSE
    ):
        found.append("The calibration table is not that of the model's probabilities for the test rows.")
    published = {
        row["metric"]: row
        for row in tables["metrics"]
        if row["model"] == settings.primary and row["split"] == "test" and row["population"] == "all"
    }
    for name, second in SECOND.items():
        value, row = float(second(test.label, probability)), published.get(name, {})
        if row.get("n") != len(test) or abs(row.get("value", np.inf) - value) > CLOSE:
            found.append(
                f"{name} on test is {row.get('value')} of {row.get('n')} rows; scikit-learn gives {value:.9g}"
                f" of {len(test)}."
            )
    return found
