"""Whether the classifier's run is one on this build's inputs, and whether its model has seen test labels.

The id of the run is derived again from the inputs, and its split is counted again. Then the model is fitted
again on the same snapshots with shuffled labels of the test rows: neither the model nor its calibrator may
depend on them, so the same probabilities must come out, for the test rows and for the customers of today.
Only the labels are shuffled; the fit still sees the features of test rows.

The time of fitting grows with the training rows; ``model_lines`` proves a run above ``REFIT_ROWS`` of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from customer_success.churn import SKILLED, SNAPSHOTS, read_table, score
from customer_success.churn.run import run_id_of
from customer_success.packed import HASHES

from .model_fit import CLOSE, Inputs, fitted, shuffled, wrong_evaluation
from .model_lines import sees_labels_in_sample, wrong_lines

REFIT_ROWS = 20_000


def wrong_run(outputs: Mapping[str, list[str]], inputs: Inputs) -> list[str]:
    """Return what in the packed outputs of the classifier's run does not follow from these inputs."""
    tables = {name: [json.loads(content) for content in contents] for name, contents in outputs.items()}
    if len(tables.get("runs", [])) != 1:
        return [f"The classifier's run hands over {len(tables.get('runs', []))} rows about itself, not one."]
    run = tables["runs"][0]
    found = _wrong_facts(run, tables, inputs) + _wrong_split(run, inputs)
    if found or run["status"] == SKILLED:
        return found or _wrong_model(tables, inputs)
    count = len(tables.get("predictions", []))
    return [f"The run has status {run['status']}, and yet predicts for {count} customers."] * (count > 0)


def _wrong_facts(run: dict, tables: Mapping[str, list[dict]], inputs: Inputs) -> list[str]:
    run_id = run_id_of(inputs.snapshots, inputs.bands, inputs.settings)
    rows = [row for name in tables.keys() - {HASHES} for row in tables[name]]
    others = {row.get("model_run_id") for row in rows} - {run_id}
    found = []
    if others:
        found.append(
            f"Snapshots, bands, settings and code of this build give run {run_id}; the results are of run"
            f" {', '.join(map(str, sorted(others, key=str)))}."
        )
    if json.loads(run["settings"]) != json.loads(json.dumps(asdict(inputs.settings))):
        found.append(f"The run has settings {run['settings']}, which differ from the vars.")
    return found


def _wrong_split(run: dict, inputs: Inputs) -> list[str]:
    """Count the split by time again: the last snapshots test, those known by the first of them train."""
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


def _wrong_model(tables: Mapping[str, list[dict]], inputs: Inputs) -> list[str]:
    alone = replace(inputs.settings, candidates=(inputs.settings.primary,), min_churned_test=0)
    data = read_table(inputs.snapshots, SNAPSHOTS)
    if tables["runs"][0]["n_train"] > REFIT_ROWS:
        return wrong_lines(tables, inputs, data) + sees_labels_in_sample(inputs.snapshots, alone)
    model = fitted(shuffled(inputs.snapshots, alone), alone)
    if model is None:
        return ["The run has skill, but its model cannot be fitted on this build's snapshots."]
    scored = score(model, inputs.customers, SNAPSHOTS, inputs.bands, alone.drivers)
    found = _wrong_predictions(tables["predictions"], scored)
    found += wrong_evaluation(tables, model.predict, data, inputs.settings)
    if not found:
        return []
    true = score(fitted(inputs.snapshots, alone), inputs.customers, SNAPSHOTS, inputs.bands, alone.drivers)
    if not np.allclose(_probabilities(true), _probabilities(scored), rtol=0, atol=CLOSE):
        found.insert(
            0,
            "The model or its calibrator has seen the labels of the test rows: fitted with these labels"
            " shuffled it gives other probabilities.",
        )
    return found


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
