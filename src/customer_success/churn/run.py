"""One run of the classifier: check for leaks, fit, evaluate, score; every result as a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from customer_success.code_hash import code_hash
from customer_success.packed import HASHES, hashes

from .calibrate import CalibratedModel
from .calibration_table import interval_width
from .config import ChurnSpec, RiskBand, RiskBands, Settings
from .curves import performance_curves
from .evaluate import SKILLED, Evaluation, evaluate
from .fit import Fitted, abstained, fit
from .leaks import leak_check
from .movement import LIVE, movement, stability
from .score import score
from .table import read_table

SNAPSHOTS = ChurnSpec(
    id="household_id",
    snapshot_date="snapshot_date",
    label="churned_next_30d",
    activity="days_since_last_activity",
    days_to_left="days_to_left",
    clocks=(
        ("days_since_last_login", 1),
        ("days_since_last_activity", 1),
        ("days_since_signup", 1),
        ("days_until_renewal", -1),
    ),
)


def bands_of(rules: pd.DataFrame) -> RiskBands:
    """Read bands of probability: columns churn_risk_segment, max_probability (null: no end), is_flagged."""
    ordered = rules.sort_values("max_probability", na_position="last")
    uppers = [None if pd.isna(upper) else float(upper) for upper in ordered["max_probability"]]
    names, flags = ordered["churn_risk_segment"], ordered["is_flagged"]
    return RiskBands([RiskBand(*band) for band in zip(uppers, names, map(bool, flags), strict=True)])


def run(
    snapshots: pa.Table,
    customers: pa.Table,
    bands: RiskBands,
    settings: Settings | None = None,
    before: Mapping[str, pd.DataFrame] | None = None,
    earlier: pa.Table | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the tables of a run: runs, metrics, candidates, importance, calibration, curves, predictions.

    The table ``hashes`` has their hashes (``packed.hashes``).

    ``snapshots``: a row per household and snapshot, columns as in ``SNAPSHOTS``, every other one a feature.
    ``customers``: a row per household to be scored with the same features. A run without skill has no
    predictions, and its row of ``runs`` gives the reason: too few data, a feature that contains the outcome,
    or a test that shows no skill. Deterministic: the run's id is a hash of data, bands, settings, versions
    and the code of this package.

    ``before``: the tables of an earlier run, as run or unpacked. Where its id is that of this run, and its
    tables still have their noted hashes, its results are reused: only the model that predicts is fitted
    again, and the customers are scored.

    ``earlier``: the features of the customers of an earlier date, with that snapshot date. The predictions
    then have the probability of that date, and the metrics the share of customers still in their segment.
    """
    settings = settings or Settings()
    run_id = run_id_of(snapshots, bands, settings)
    if before and before["runs"]["model_run_id"].iat[0] == run_id and _is_untouched(before):
        kept = {name: table for name, table in before.items() if name != HASHES}
        tables, model = kept, _model_again(before["runs"], snapshots, settings)
    else:
        tables, model = _evaluated(snapshots, bands, settings)
    scored = score(model, customers, SNAPSHOTS, bands, settings.drivers)
    moved = movement(model, earlier, customers, SNAPSHOTS, settings)
    scored = scored.merge(moved, on=SNAPSHOTS.id, how="left")
    tables["predictions"] = _predictions(scored, tables.get("calibration"))
    tables["metrics"] = _with_live(tables.get("metrics"), stability(scored, bands, settings))
    tables = {name: table.assign(model_run_id=run_id) for name, table in tables.items()}
    return tables | {HASHES: hashes(tables).assign(model_run_id=run_id)}


def _is_untouched(before: Mapping[str, pd.DataFrame]) -> bool:
    """Return whether the tables of an earlier run (without its predictions) have their noted hashes."""
    if HASHES not in before:
        return False
    noted = before[HASHES].set_index("output")["sha256"].drop("predictions").to_dict()
    found = hashes({name: before.get(name, pd.DataFrame()) for name in noted}).set_index("output")["sha256"]
    return noted == found.to_dict()


def _evaluated(
    snapshots: pa.Table, bands: RiskBands, settings: Settings
) -> tuple[dict[str, pd.DataFrame], CalibratedModel | None]:
    """Fit and evaluate all candidates: the tables except the predictions, and the model that may predict."""
    data = read_table(snapshots, SNAPSHOTS)
    leaks = leak_check(data, SNAPSHOTS).findings if len(data) else []
    if len(leaks):
        known = "; ".join(f"{leak.feature}: {leak.reason}" for leak in leaks.itertuples())
        fitted = abstained(data, SNAPSHOTS, settings, f"a feature knows the outcome: {known}")
    else:
        fitted = fit(data, SNAPSHOTS, settings)
    evaluation = evaluate(fitted, data, bands)
    tables = _tables(fitted, evaluation)
    tables["curves"] = performance_curves(fitted, data).rename(columns={"candidate": "model"})
    return tables, evaluation.model


def _model_again(runs: pd.DataFrame, snapshots: pa.Table, settings: Settings) -> CalibratedModel | None:
    """Fit the model that was evaluated before; None where that run had no skill."""
    if runs["status"].iat[0] != SKILLED:
        return None
    alone = replace(settings, candidates=(settings.primary,))
    return fit(snapshots, SNAPSHOTS, alone).candidates[settings.primary].model


def _with_live(metrics: pd.DataFrame | None, live: pd.DataFrame) -> pd.DataFrame:
    """Replace the metrics of the predictions by those of today."""
    if metrics is None:
        return live
    tested = metrics[metrics["split"] != LIVE]
    if live.empty:
        return tested
    return pd.concat([tested, live.rename(columns={"candidate": "model"})], ignore_index=True)


def _tables(fitted: Fitted, evaluation: Evaluation) -> dict[str, pd.DataFrame]:
    return {
        "runs": _run_row(fitted, evaluation),
        "metrics": evaluation.metrics.rename(columns={"candidate": "model"}),
        "candidates": evaluation.candidates.rename(columns={"candidate": "model"}),
        "importance": evaluation.importance.assign(importance_rank=range(1, len(evaluation.importance) + 1)),
        "calibration": evaluation.calibration.assign(model=evaluation.settings.primary),
    }


def _predictions(scored: pd.DataFrame, calibration: pd.DataFrame | None) -> pd.DataFrame:
    """Add the interval width of each probability; no rows without customers or skill."""
    if scored.empty:
        return scored.assign(interval_width=None)
    return scored.assign(
        interval_width=interval_width(calibration, scored["churn_probability"].to_numpy(dtype=float)),
        top_drivers=[json.dumps(drivers) for drivers in scored["top_drivers"]],
    )


def _run_row(fitted: Fitted, evaluation: Evaluation) -> pd.DataFrame:
    row: dict[str, object] = {
        "selected_model": evaluation.settings.primary if evaluation.model else None,
        "status": evaluation.status,
        "reason": evaluation.reason,
        "notes": "; ".join(evaluation.notes) or None,
        "settings": json.dumps(asdict(evaluation.settings), sort_keys=True),
    }
    sides = {"train": (fitted.split.train, fitted.training), "test": (fitted.split.test, fitted.test)}
    for side, (dates, size) in sides.items():
        row |= {
            f"{side}_from": str(dates[0]) if len(dates) else None,
            f"{side}_to": str(dates[-1]) if len(dates) else None,
            f"n_{side}": size.rows,
            f"positives_{side}": size.positives,
            f"households_{side}": size.households,
            f"churned_{side}": size.churned,
        }
    return pd.DataFrame([row])


def run_id_of(snapshots: pa.Table, bands: RiskBands, settings: Settings) -> str:
    """Hash what a run is a function of: snapshots (in any order), bands, settings, code and versions."""
    frame = snapshots.select(sorted(snapshots.column_names)).to_pandas(strings_to_categorical=True)
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy() if len(frame) else np.zeros(0, np.uint64)
    parts = [int(rows.sum(dtype=np.uint64)), [asdict(band) for band in bands.bands], asdict(settings)]
    parts.append(code_hash("churn", "statistics"))
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]
