"""Find features that nearly reproduce the label, because they contain the outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from .config import ChurnSpec
from .metrics import score_groups
from .rank_metrics import roc_auc
from .split import household_folds
from .table import Snapshots, Table, is_date, read_table

COLUMNS = ["feature", "reason", "auc", "information", "certain_share"]


@dataclass(frozen=True)
class LeakLimits:
    """Limits above which a single feature is reported as a leak.

    ``auc``: area under the ROC curve. ``information``: share of the label's entropy that it explains.
    ``certain_share``: share of the churners in ranges of values where ``certain`` or more of the rows, in
    both halves, are churners'. ``positives``: below this many positive rows in a half nothing is checked.
    ``groups``: ranges that numbers are cut into.
    """

    auc: float = 0.99
    information: float = 0.6
    certain: float = 0.995
    certain_share: float = 0.3
    positives: int = 20
    groups: int = 64


@dataclass(frozen=True)
class LeakReport:
    """``findings``: a row per suspicious feature and exceeded limit. ``note``: why nothing was checked."""

    findings: pd.DataFrame
    note: str | None


def leak_check(table: Table | Snapshots, spec: ChurnSpec, limits: LeakLimits | None = None) -> LeakReport:
    """Look for single features that contain the outcome.

    Churn rates by the feature's values (ranges of numbers, categories, missing) are learned on the earlier
    half of the snapshots and tested on the later half; with a single date, on two halves of the households.

    A feature is reported where the rates rank later rows with an AUC above the limit, explain more of the
    label than the limit (1 - log loss / that of the base rate: a noisy copy of the label does), or are
    certain for a large share of the churners. Features that are dates are looked at as days since the
    snapshot, and reported besides where any lies after its snapshot.

    Raises ValueError where the table cannot be read.
    """
    limits = limits or LeakLimits()
    data = read_table(table, spec, dates_as_days=True)
    learn = _first_half(data)
    enough = min(data.label[learn].sum(), data.label[~learn].sum()) >= limits.positives
    if not enough or data.label.all():
        return LeakReport(pd.DataFrame(columns=COLUMNS), f"under {limits.positives} positive rows in a half")
    dates = _date_features(table)
    findings = []
    for name, values in data.features.items():
        auc, information, certain = _single_feature(values, data.label, learn, limits)
        reasons = [
            (auc > limits.auc, "it ranks the outcome almost perfectly"),
            (information > limits.information, "it explains most of the outcome"),
            (certain > limits.certain_share, "some of its values are certain churn"),
            (name in dates and values.max() > 0, "it holds dates after the snapshot"),
        ]
        found = "; ".join(reason for holds, reason in reasons if holds)
        if found:
            findings.append((name, found, auc, information, certain))
    return LeakReport(pd.DataFrame(findings, columns=COLUMNS), None)


def _first_half(data: Snapshots) -> np.ndarray:
    """Return the rows to learn rates from, as a mask."""
    dates = np.unique(data.date) if data.date is not None else np.empty(0)
    if len(dates) > 1:
        return data.date < dates[len(dates) // 2]
    return household_folds(data.household, data.label, folds=2, seed=0) == 0


def _single_feature(
    values: pd.Series, label: np.ndarray, learn: np.ndarray, limits: LeakLimits
) -> tuple[float, float, float]:
    """Return AUC, information and certain share of a feature."""
    group = _groups(values, limits.groups)
    positive, total = _counts(group, label, learn)
    later_positive, later_total = _counts(group, label, ~learn)
    base = positive.sum() / total.sum()
    rate = (positive + base) / (total + 1)  # one row of the base rate is added: no rate is 0 or 1
    order = np.argsort(rate, kind="stable")
    auc = roc_auc(later_positive[order], (later_total - later_positive)[order])
    information = 1 - _log_loss(rate, later_positive, later_total) / _log_loss(
        base, later_positive, later_total
    )
    certain = (positive >= limits.certain * total) & (later_positive >= limits.certain * later_total)
    certain &= np.minimum(total, later_total) >= limits.positives
    return float(auc), float(information), float(later_positive[certain].sum() / later_positive.sum())


def _groups(values: pd.Series, groups: int) -> np.ndarray:
    """Return the group of each row, 0 for missing."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1
    known = values.notna().to_numpy()
    group = np.zeros(len(values), dtype=np.int64)
    if known.any():
        group[known] = score_groups(values.to_numpy()[known], groups) + 1
    return group


def _counts(group: np.ndarray, label: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = int(group.max()) + 1
    positive = np.bincount(group[rows & (label == 1)], minlength=size).astype(float)
    return positive, np.bincount(group[rows], minlength=size).astype(float)


def _log_loss(rate: np.ndarray | float, positive: np.ndarray, total: np.ndarray) -> float:
    return float(-(positive * np.log(rate) + (total - positive) * np.log(1 - rate)).sum())


def _date_features(table: Table | Snapshots) -> set[str]:
    """Return the columns that hold dates (of Snapshots, which hold none, nothing)."""
    if isinstance(table, Snapshots):
        return set()
    if isinstance(table, pd.DataFrame):
        return {name for name in table.columns if is_date(table[name])}
    kinds = {field.name: field.type for field in table.schema}
    return {name for name, kind in kinds.items() if pa.types.is_date(kind) or pa.types.is_timestamp(kind)}
