"""Makes the columns of a Cox model from covariates: dummies, and notes on what was left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .config import Covariate
from .table import Durations


@dataclass(frozen=True)
class Term:
    """A column of the design: a number, or whether a category is ``level``."""

    covariate: Covariate
    level: str | None = None

    @property
    def label(self) -> str:
        name = self.covariate.name
        return name if self.level is None else f"{name}[{self.level}]"

    def values(self, covariates: pd.DataFrame) -> np.ndarray:
        """Return the column, shape (n,), NaN where the covariate is unknown."""
        column = covariates[self.covariate.name]
        if self.level is None:
            return column.to_numpy(dtype=float)
        return np.where(column.isna(), np.nan, (column == self.level).to_numpy(dtype=float))


@dataclass(frozen=True)
class Design:
    """The terms of a model; ``levels`` are the categories that each categorical covariate may take."""

    terms: tuple[Term, ...]
    levels: dict[str, tuple[str, ...]]

    def matrix(self, covariates: pd.DataFrame) -> np.ndarray:
        """Return (n, terms); NaN where a covariate is unknown or a category was not in the fit."""
        return np.column_stack(
            [np.where(self.fits(covariates), term.values(covariates), np.nan) for term in self.terms]
        )

    def fits(self, covariates: pd.DataFrame) -> np.ndarray:
        """Return which rows have categories that the model knows throughout, shape (n,)."""
        known = np.ones(len(covariates), dtype=bool)
        for name, levels in self.levels.items():
            known &= covariates[name].isin(levels).to_numpy()
        return known


@dataclass(frozen=True)
class Prepared:
    """``data``: complete rows. ``dropped``: why a covariate or category is not in the design, by label."""

    data: Durations
    design: Design
    dropped: dict[str, str]


def prepare(data: Durations, covariates: tuple[Covariate, ...], events_per_covariate: int) -> Prepared:
    """Choose rows and terms for which a Cox model has a finite answer.

    Left out: covariates unknown throughout; rows with an unknown covariate; categories without event, with
    their rows (their hazard ratio is 0, and the limit of the likelihood is the one without these rows);
    constant terms; terms that earlier ones determine; and, while the events are fewer than
    ``events_per_covariate`` for each remaining term, the last covariate. The design is empty where nothing
    is left.
    """
    dropped = {}
    kept = []
    for covariate in covariates:
        if data.covariates[covariate.name].isna().all():
            dropped[covariate.name] = "dropped: unknown throughout"
        else:
            kept.append(covariate)
    while kept:
        rows, levels = _usable(data, kept)
        terms, idle = _independent(_terms(kept, levels), data.take(rows))
        events = int(data.event[rows].sum())
        if events >= events_per_covariate * len(terms):
            break
        last = kept.pop()
        needed = events_per_covariate * len(terms)
        dropped[last.name] = f"dropped: {events} events, {len(terms)} terms would need {needed}"
    if not kept:
        return Prepared(data, Design((), {}), dropped)
    dropped |= _levels_left_out(data, kept, levels) | idle
    return Prepared(data.take(rows), Design(tuple(terms), levels), dropped)


def _usable(data: Durations, covariates: list[Covariate]) -> tuple[np.ndarray, dict[str, tuple[str, ...]]]:
    """Return the complete rows whose categories have events, and these categories, the reference first."""
    rows = data.covariates[[covariate.name for covariate in covariates]].notna().all(axis=1).to_numpy()
    while True:
        levels = {}
        for covariate in covariates:
            if covariate.reference is not None:
                levels[covariate.name] = _levels_with_events(data.take(rows), covariate)
        inside = rows.copy()
        for name, known in levels.items():
            inside &= data.covariates[name].isin(known).to_numpy()
        if (inside == rows).all():
            return rows, levels
        rows = inside


def _levels_with_events(data: Durations, covariate: Covariate) -> tuple[str, ...]:
    """Return the categories with events, the reference first; without events there, the most frequent one."""
    column = data.covariates[covariate.name]
    events = data.event.astype(int)
    with_events = sorted(level for level in column.unique() if events[(column == level).to_numpy()].any())
    if covariate.reference in with_events:
        first = covariate.reference
    else:
        counts = column[column.isin(with_events)].value_counts().sort_index()
        first = counts.idxmax() if len(counts) else None
    return tuple(sorted(with_events, key=lambda level: (level != first, level)))


def _levels_left_out(
    data: Durations, covariates: list[Covariate], levels: dict[str, tuple[str, ...]]
) -> dict[str, str]:
    notes = {}
    for covariate in covariates:
        if covariate.reference is None:
            continue
        name, known = covariate.name, levels[covariate.name]
        if known and known[0] != covariate.reference:
            notes[f"{name}[{covariate.reference}]"] = f"no event: compared with {known[0]!r} instead"
        for level, rows in data.covariates[name].value_counts().sort_index().items():
            if level not in known:
                notes.setdefault(
                    f"{name}[{level}]", f"no event among {rows}: left out, no finite hazard ratio"
                )
    return notes


def _terms(covariates: list[Covariate], levels: dict[str, tuple[str, ...]]) -> list[Term]:
    terms = []
    for covariate in covariates:
        if covariate.reference is None:
            terms.append(Term(covariate))
        else:
            terms += [Term(covariate, level) for level in levels[covariate.name][1:]]
    return terms


def _independent(terms: list[Term], data: Durations) -> tuple[list[Term], dict[str, str]]:
    """Drop constant terms and those that are sums of earlier ones."""
    kept, dropped, columns = [], {}, []
    for term in terms:
        values = term.values(data.covariates)
        spread = values.std()
        if not spread > 1e-12 * max(1.0, np.abs(values).max(initial=0)):
            dropped[term.label] = "dropped: constant"
            continue
        standard = (values - values.mean()) / spread
        if columns and _explained(np.column_stack(columns), standard) > 1 - 1e-8:
            dropped[term.label] = "dropped: determined by the covariates before it"
            continue
        kept.append(term)
        columns.append(standard)
    return kept, dropped


def _explained(earlier: np.ndarray, values: np.ndarray) -> float:
    """Return the share of the variance of standardised values that earlier columns explain."""
    coefficients = np.linalg.lstsq(earlier, values, rcond=None)[0]
    return float(1 - np.mean((values - earlier @ coefficients) ** 2))
