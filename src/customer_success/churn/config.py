"""The specification of a run: the roles of columns, the settings, and the bands of risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

GRADIENT_BOOSTING = "gradient_boosting"
DOCUMENTS_SETTINGS = "documents_settings"
LOGISTIC_REGRESSION = "logistic_regression"
ACTIVITY_ALONE = "days_since_last_activity"
BASE_RATE = "base_rate"
CANDIDATES = (GRADIENT_BOOSTING, DOCUMENTS_SETTINGS, LOGISTIC_REGRESSION, ACTIVITY_ALONE, BASE_RATE)


@dataclass(frozen=True)
class ChurnSpec:
    """The roles of the columns of a table.

    ``id`` is the household, ``label`` the outcome: boolean, 0/1, or text with the value that means yes in
    ``positive``. ``snapshot_date`` is None for a table of a single moment. ``features`` None means every
    column without another role that is not in ``ignore``. ``activity`` names the days since the last
    activity: the candidate of that name and the population ``active_last_7_days`` need it; it is an ordinary
    feature besides. ``days_to_left`` names the days from snapshot to leaving (null: did not leave); it is
    known only later, is used in evaluation alone and is never a feature. ``clocks`` names the features that
    change on a day without events, each with its change per day.
    """

    id: str
    label: str
    snapshot_date: str | None = None
    features: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    positive: object = None
    activity: str | None = None
    days_to_left: str | None = None
    clocks: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Settings:
    """The settings of a run; the defaults are those of the project.

    ``training_rows`` and ``documents_rows`` cap the rows that a candidate is fitted on, by a seeded sample
    of whole households; the run notes where that happened. ``trees`` are those of the gradient boosting of
    the project (the documents' settings have their own). ``bootstrap`` counts replicates. Changes
    of a probability below ``least_change`` are not explained.
    """

    seed: int = 7
    primary: str = GRADIENT_BOOSTING
    candidates: tuple[str, ...] = CANDIDATES
    test_snapshots: int = 3
    label_delay_days: int = 60
    folds: int = 5
    trees: int = 200
    calibration: str = "sigmoid"
    training_rows: int = 500_000
    documents_rows: int = 3_000
    min_churned_training: int = 50
    min_churned_test: int = 20
    confidence: float = 0.95
    bootstrap: int = 500
    active_days: int = 7
    lead_days: int = 30
    bins: int = 10
    importance_rows: int = 20_000
    importance_repeats: int = 5
    drivers: int = 3
    least_change: float = 0.05

    def __post_init__(self) -> None:
        unknown = set(self.candidates) - set(CANDIDATES)
        if unknown:
            raise ValueError(f"unknown candidates {sorted(unknown)}; there are {CANDIDATES}")
        if self.primary not in self.candidates or self.primary == BASE_RATE:
            raise ValueError(f"primary {self.primary!r} is not among the candidates with possible skill")
        if self.calibration not in ("sigmoid", "isotonic"):
            raise ValueError(f"calibration is 'sigmoid' or 'isotonic', not {self.calibration!r}")


@dataclass(frozen=True)
class RiskBand:
    """A band of probabilities up to and including ``upper``; the last band has no upper end (None)."""

    upper: float | None
    segment: str
    is_flagged: bool


class RiskBands:
    """Bands that cover [0, 1] without gap or overlap; the lowest is closed at 0 (decision 19)."""

    def __init__(self, bands: Sequence[RiskBand]) -> None:
        """``bands`` in rising order. Raises ValueError where they are not, or leave something uncovered."""
        self.bands = tuple(bands)
        if (
            not self.bands
            or self.bands[-1].upper is not None
            or any(b.upper is None for b in self.bands[:-1])
        ):
            raise ValueError("risk bands: the last one, and only that, has no upper end")
        self._uppers = np.array([band.upper for band in self.bands[:-1]], dtype=float)
        inside = np.all((self._uppers >= 0) & (self._uppers < 1))
        if not inside or np.any(np.diff(self._uppers) <= 0):
            raise ValueError("risk bands: upper ends must rise within [0, 1)")

    def segments(self, probability: np.ndarray) -> np.ndarray:
        """Return the segment of each probability, shape (n,), dtype object."""
        names = np.array([band.segment for band in self.bands], dtype=object)
        return names[np.searchsorted(self._uppers, probability, side="left")]

    def flagged(self, probability: np.ndarray) -> np.ndarray:
        """Return which probabilities lie in a flagged band, shape (n,), boolean."""
        flags = np.array([band.is_flagged for band in self.bands])
        return flags[np.searchsorted(self._uppers, probability, side="left")]
