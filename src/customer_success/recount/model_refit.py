"""Whether the classifier's run is one on this build's inputs, and whether its model has seen test labels.

The id of the run is derived anew from the inputs, and its split counted anew. Then the model is fitted again
on the same snapshots with the labels of the test rows shuffled: neither the model nor its calibrator may
depend on them, so the same probabilities must come out, for the test rows and for the customers of today.
Only the labels are shuffled; what test rows look like is not hidden from the fit.

Fitting costs what training rows cost. Above ``REFIT_ROWS`` of them the uncalibrated model alone is fitted on
all rows, and published log-odds must be one rising line of its log-odds; that the calibrator does not look at
test labels is then shown on a sample of households, fitted with true and with shuffled labels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import logit
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.pipeline import Pipeline

from customer_success.churn import SKILLED, SNAPSHOTS, RiskBands, Settings, bands_of, fit, read_table, score
from customer_success.churn.calibrate import CalibratedModel
from customer_success.churn.calibration_table import calibration_table
from customer_success.churn.candidates import build_candidates
from customer_success.churn.metrics import Sample
from customer_success.churn.run import run_id_of
from customer_success.churn.split import sample_households
from customer_success.churn.table import Snapshots
from customer_success.churn.threads import suitable_threads

from .households.rules import SEEDS

REFIT_ROWS = 20_000
SHOWN_ROWS = 6_000  # of the sample on which the calibrator is shown to be blind, where all rows are too many
CLOSE = 1e-9
SECOND = {
    "roc_auc": roc_auc_score,
    "average_precision": average_precision_score,
    "brier": brier_score_loss,
    "log_loss": log_loss,
}


@dataclass(frozen=True)
class Inputs:
    """What a run is a function of; snapshots are in order of household and date."""

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
            ),
        )


def wrong_run(outputs: Mapping[str, list[str]], inputs: Inputs) -> list[str]:
    """Say what in the packed outputs of the classifier's run these inputs do not give."""
    tables = {name: [json.loads(content) for content in contents] for name, contents in outputs.items()}
    if len(tables.get("runs", [])) != 1:
        return [f"The classifier's run hands over {len(tables.get('runs', []))} rows about itself, not one."]
    run = tables["runs"][0]
    found = _wrong_facts(run, tables, inputs) + _wrong_split(run, inputs)
    if found or run["status"] == SKILLED:
        return found or _wrong_model(tables, inputs)
    count = len(tables.get("predictions", []))
    return [f"The run has status {run['status']}, and predicts for {count} customers all the same."] * (
        count > 0
    )


def _wrong_facts(run: dict, tables: Mapping[str, list[dict]], inputs: Inputs) -> list[str]:
    run_id = run_id_of(inputs.snapshots, inputs.bands, inputs.settings)
    others = {row.get("model_run_id") for name in tables.keys() - {"hashes"} for row in tables[name]} - {
        run_id
    }
    found = []
    if others:
        found.append(
            f"Snapshots, bands, settings and code of this build give run {run_id}; the results are of run"
            f" {', '.join(map(str, sorted(others, key=str)))}."
        )
    if json.loads(run["settings"]) != json.loads(json.dumps(asdict(inputs.settings))):
        found.append(f"The run says it was made with settings {run['settings']}, which are not the vars'.")
    return found


def _wrong_split(run: dict, inputs: Inputs) -> list[str]:
    """Count the split by time anew: the last snapshots test, those known by the first of them train."""
    frame = inputs.snapshots.select(["household_id", "snapshot_date", "churned_next_30d"]).to_pandas()
    dates = sorted(set(frame["snapshot_date"]))
    tested = dates[-inputs.settings.test_snapshots :] if len(dates) > inputs.settings.test_snapshots else []
    delay = timedelta(days=inputs.settings.label_delay_days)
    sides = {"train": [d for d in dates if tested and d + delay <= tested[0]], "test": tested}
    found = []
    for side, own in sides.items():
        rows = frame[frame["snapshot_date"].isin(own)]
        left = rows[rows["churned_next_30d"].astype(bool)]
        counted = {
            f"{side}_from": str(pd.Timestamp(own[0]).date()) if own else None,
            f"{side}_to": str(pd.Timestamp(own[-1]).date()) if own else None,
            f"n_{side}": len(rows),
            f"positives_{side}": len(left),
            f"households_{side}": rows["household_id"].nunique(),
            f"churned_{side}": left["household_id"].nunique(),
        }
        found += [
            f"{name} of the run is {run.get(name)}; int_churn_snapshots gives {value}."
            for name, value in counted.items()
            if run.get(name) != value
        ]
    return found


def shuffled(data: pa.Table, settings: Settings) -> pa.Table:
    """Return the snapshots with the labels of the test rows in a seeded random order."""
    dates = data["snapshot_date"].to_numpy()
    tested = np.flatnonzero(np.isin(dates, np.unique(dates)[-settings.test_snapshots :]))
    labels = data["churned_next_30d"].to_numpy().copy()
    labels[tested] = labels[np.random.default_rng(settings.seed).permutation(tested)]
    place = data.column_names.index("churned_next_30d")
    return data.set_column(place, "churned_next_30d", pa.array(labels))


def _wrong_model(tables: Mapping[str, list[dict]], inputs: Inputs) -> list[str]:
    alone = replace(inputs.settings, candidates=(inputs.settings.primary,), min_churned_test=0)
    data = read_table(inputs.snapshots, SNAPSHOTS)
    if tables["runs"][0]["n_train"] > REFIT_ROWS:
        return _wrong_lines(tables, inputs, data) + _sees_labels_in_sample(inputs.snapshots, alone)
    model = _fitted(shuffled(inputs.snapshots, alone), alone)
    if model is None:
        return ["The run has skill, but its model cannot be fitted on this build's snapshots."]
    scored = score(model, inputs.customers, SNAPSHOTS, inputs.bands, alone.drivers)
    found = _wrong_predictions(tables["predictions"], scored)
    found += _wrong_evaluation(tables, model.predict, data, inputs.settings)
    if not found:
        return []
    true = score(_fitted(inputs.snapshots, alone), inputs.customers, SNAPSHOTS, inputs.bands, alone.drivers)
    if not np.allclose(_probabilities(true), _probabilities(scored), rtol=0, atol=CLOSE):
        found.insert(
            0,
            "The model or its calibrator has seen the labels of the test rows: fitted with these labels"
            " shuffled it gives other probabilities.",
        )
    return found


def _fitted(snapshots: pa.Table, settings: Settings) -> CalibratedModel | None:
    found = fit(snapshots, SNAPSHOTS, settings).candidates.get(settings.primary)
    return found and found.model


def _probabilities(scored: pd.DataFrame) -> np.ndarray:
    return scored["churn_probability"].to_numpy(dtype=float)


def _wrong_predictions(predicted: list[dict], scored: pd.DataFrame) -> list[str]:
    """Compare probability, segment and drivers of each customer with those scored now."""
    ours = {row.household_id: row for row in scored.itertuples(index=False)}
    theirs = {row["household_id"]: row for row in predicted}
    if ours.keys() != theirs.keys() or len(predicted) != len(theirs):
        return [f"There are {len(predicted)} predictions for {len(ours)} customers of today."]
    wrong = [name for name, row in theirs.items() if not _same_prediction(row, ours[name])]
    if not wrong:
        return []
    first = min(wrong)
    return [
        f"The prediction of household {first} is {theirs[first]['churn_probability']:.6f}"
        f" ({theirs[first]['churn_risk_segment']}); the model fitted on this build's snapshots gives"
        f" {ours[first].churn_probability:.6f} ({ours[first].churn_risk_segment}) with its features of today."
        f" {len(wrong)} of {len(theirs)} predictions differ."
    ]


def _same_prediction(row: dict, ours) -> bool:
    drivers = json.loads(row["top_drivers"])
    return (
        abs(row["churn_probability"] - ours.churn_probability) <= CLOSE
        and row["churn_risk_segment"] == ours.churn_risk_segment
        and [(d["feature"], d["direction"]) for d in drivers]
        == [(d["feature"], d["direction"]) for d in ours.top_drivers]
        and np.allclose(
            [d["effect"] for d in drivers], [d["effect"] for d in ours.top_drivers], rtol=0, atol=CLOSE
        )
    )


def _test_rows(data: Snapshots, settings: Settings) -> Snapshots:
    return data.take(np.isin(data.date, np.unique(data.date)[-settings.test_snapshots :]))


def _wrong_evaluation(
    tables: Mapping[str, list[dict]], predict, data: Snapshots, settings: Settings
) -> list[str]:
    """Hold calibration table and metrics of the test rows against the model's probabilities and true labels.

    ``predict`` gives the probabilities of a table of features. The metrics are scikit-learn's.
    """
    test = _test_rows(data, settings)
    probability = predict(test.features)
    sample = Sample(probability, test.label, test.household)
    bins = calibration_table(sample, settings.bins, settings.confidence)
    told = pd.DataFrame(tables["calibration"])
    columns = [
        "bin",
        "lowest",
        "highest",
        "mean_predicted",
        "observed",
        "n",
        "households",
        "ci_low",
        "ci_high",
    ]
    found = []
    if len(bins) != len(told) or not np.allclose(
        bins[columns].to_numpy(float), told[columns].to_numpy(float), rtol=0, atol=CLOSE
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


# ------------------------------------------------------------------ where there are many rows


def _wrong_lines(tables: Mapping[str, list[dict]], inputs: Inputs, data: Snapshots) -> list[str]:
    """Hold predictions against the uncalibrated model: their log-odds are a rising line of its log-odds."""
    settings = inputs.settings
    pipeline = _pipeline(data, settings)
    customers = read_table(
        inputs.customers,
        replace(SNAPSHOTS, features=tuple(pipeline[0].columns_), snapshot_date=None, activity=None),
        labelled=False,
    )
    own = dict(zip(customers.ids[customers.household], _log_odds(pipeline, customers.features), strict=True))
    theirs = {row["household_id"]: row["churn_probability"] for row in tables["predictions"]}
    if own.keys() != theirs.keys():
        return [f"There are {len(theirs)} predictions for {len(own)} customers of today."]
    names = sorted(own)
    x = np.array([own[name] for name in names])
    y = logit(np.array([theirs[name] for name in names]))
    slope, intercept = np.polyfit(x, y, 1)
    away = np.abs(slope * x + intercept - y)
    if slope < 0 or away.max() > 1e-6:
        worst = names[int(away.argmax())]
        return [
            f"The prediction of household {worst} is {theirs[worst]:.6f}, which the model fitted on this"
            " build's snapshots does not give with its features of today, however it is calibrated."
        ]

    def predict(features: pd.DataFrame) -> np.ndarray:
        return 1 / (1 + np.exp(-(slope * _log_odds(pipeline, features) + intercept)))

    return _wrong_evaluation(tables, predict, data, settings)


def _pipeline(data: Snapshots, settings: Settings) -> Pipeline:
    """Fit the primary candidate without calibration on the training rows of a run."""
    dates = np.unique(data.date)
    first_test = dates[-settings.test_snapshots]
    known = data.date + np.timedelta64(settings.label_delay_days, "D") <= first_test
    training = data.take(known)
    training = training.take(sample_households(training.household, settings.training_rows, settings.seed))
    pipeline = build_candidates(SNAPSHOTS, settings, list(data.features))[settings.primary]
    with suitable_threads(len(training)):
        return pipeline.fit(training.features, training.label)


def _log_odds(pipeline: Pipeline, features: pd.DataFrame) -> np.ndarray:
    with suitable_threads(len(features)):
        return pipeline.decision_function(features)


def _sees_labels_in_sample(snapshots: pa.Table, settings: Settings) -> list[str]:
    """Fit twice on a sample of households, with true and with shuffled labels of test rows."""
    households = snapshots["household_id"].to_pandas().to_numpy()
    some = sample_households(households, SHOWN_ROWS, settings.seed)
    sample = snapshots.filter(pa.array(some))
    blind = replace(settings, min_churned_training=1)
    models = [_fitted(table, blind) for table in (sample, shuffled(sample, blind))]
    if None in models:
        return [f"A sample of {sample.num_rows} rows cannot show that the calibrator sees no test labels."]
    features = _test_rows(read_table(sample, SNAPSHOTS), settings).features
    if np.allclose(models[0].predict(features), models[1].predict(features), rtol=0, atol=CLOSE):
        return []
    return [
        "The model or its calibrator sees the labels of test rows: shuffled they give other probabilities."
    ]
