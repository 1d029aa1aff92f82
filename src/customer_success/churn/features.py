"""The features that candidates use: columns are learned from training rows and then fixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

RARE = "(rare)"
MOST_CATEGORIES = 200  # histogram gradient boosting takes at most 255
RARE_ROWS = 30  # above the 20 snapshots that one household can have, so that no category is a household


class FeatureEncoder(TransformerMixin, BaseEstimator):
    """Numbers as they are, text as categories learned in ``fit``.

    Columns that do not vary in the training rows are dropped. Categories beyond the 200 most frequent, and
    those with fewer than 30 training rows, are grouped as "(rare)"; a category that is not in training
    becomes missing. Input: columns float64 or category (``table.read_table``); output: a DataFrame of
    float64 and category columns whose names and categories never change.
    """

    def fit(self, X: pd.DataFrame, y: object = None) -> FeatureEncoder:
        self.dropped_ = [name for name in X.columns if not _varies(X[name])]
        self.columns_ = [name for name in X.columns if name not in self.dropped_]
        self.mappings_ = {name: _mapping(X[name]) for name in self.columns_ if _is_category(X[name])}
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Raise ValueError naming the column where it is missing or of another kind than in training."""
        columns = {}
        for name in self.columns_:
            if name not in X.columns:
                raise ValueError(f"column {name!r} is missing")
            columns[name] = self._encode(name, X[name])
        return pd.DataFrame(columns, index=X.index)

    def _encode(self, name: str, values: pd.Series) -> pd.Series:
        mapping = self.mappings_.get(name)
        if values.isna().all():
            kind = "float64" if mapping is None else pd.CategoricalDtype(_kept(mapping))
            return pd.Series(np.nan, index=values.index, dtype="float64").astype(kind)
        if _is_category(values) != (mapping is not None):
            learned = "numbers" if mapping is None else "text"
            raise ValueError(f"column {name!r} was {learned} in training and is of another kind now")
        if mapping is None:
            return values
        kept = _kept(mapping)
        position = {category: i for i, category in enumerate(kept)}
        known = [position[mapping[c]] if c in mapping else -1 for c in values.cat.categories]
        codes = np.append(np.array(known, dtype=np.int16), np.int16(-1))[values.cat.codes]
        return pd.Series(pd.Categorical.from_codes(codes, categories=kept), index=values.index)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        return np.array(self.columns_, dtype=object)

    def notes(self) -> list[str]:
        """Return notes on dropped columns and grouped categories."""
        notes = [f"{name}: dropped, it does not vary in training" for name in self.dropped_]
        for name, mapping in self.mappings_.items():
            grouped = sum(kept == RARE for kept in mapping.values())
            if grouped:
                notes.append(f"{name}: {grouped} of {len(mapping)} categories grouped as {RARE}")
        return notes


def reference_values(encoded: pd.DataFrame) -> dict[str, object]:
    """Return the median of numbers, the most frequent category (of equals the first) of text, by column."""
    return {
        name: values.value_counts().sort_index().idxmax() if _is_category(values) else float(values.median())
        for name, values in encoded.items()
    }


def _is_category(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype)


def _varies(values: pd.Series) -> bool:
    """More than one value, "missing" counted as one."""
    present = values.dropna()
    if present.empty:
        return False
    return len(present) < len(values) or bool((present != present.iloc[0]).any())


def _mapping(values: pd.Series) -> dict[str, str]:
    """Map each category of training to itself or to the group of rare ones."""
    counts = values.value_counts()
    counts = counts[counts > 0].sort_index().sort_values(ascending=False, kind="stable")
    keep = set(counts.index[:MOST_CATEGORIES][counts.to_numpy()[:MOST_CATEGORIES] >= RARE_ROWS])
    return {category: category if category in keep else RARE for category in sorted(counts.index)}


def _kept(mapping: dict[str, str]) -> list[str]:
    return sorted(set(mapping.values()))
