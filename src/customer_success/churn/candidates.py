"""The candidates, each an unfitted pipeline that learns everything it needs from training rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from .config import (
    ACTIVITY_ALONE,
    BASE_RATE,
    DOCUMENTS_SETTINGS,
    GRADIENT_BOOSTING,
    LOGISTIC_REGRESSION,
    ChurnSpec,
    Settings,
)
from .features import FeatureEncoder


class BaseRateClassifier(ClassifierMixin, BaseEstimator):
    """Predicts the share of positive labels in training for every row."""

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> BaseRateClassifier:
        self.classes_ = np.array([0, 1])
        self.rate_ = float(np.mean(y))
        return self

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Log-odds, shape (n,)."""
        return np.full(len(X), logit(self.rate_))


class SelectColumn(FeatureEncoder):
    """Keep a single column of numbers, whether or not it varies."""

    def __init__(self, column: str) -> None:
        self.column = column

    def fit(self, X: pd.DataFrame, y: object = None) -> SelectColumn:
        self.columns_, self.dropped_, self.mappings_ = [self.column], [], {}
        return self


class OverTheDay(ClassifierMixin, BaseEstimator):
    """A model whose log-odds are the mean of a row now and of the row a day later without any event.

    Trees cut a count of days at one number, and all rows that pass it move at once: on the demo data the
    ninth silent day alone raised a probability by up to .23. The mean over the two ends of the day
    (trapezoidal rule) lets each cut take two days: of 17,316 steps of one silent day 48 are above .1
    instead of 408, and AUC and Brier score on test do not change (.902, .0280).

    ``clocks``: pairs of a column and what a day adds to it; those that are no columns of ``X`` are left out.
    """

    def __init__(self, model: BaseEstimator, clocks: tuple[tuple[str, int], ...]) -> None:
        self.model = model
        self.clocks = clocks

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> OverTheDay:
        self.classes_ = np.array([0, 1])
        self.model_ = clone(self.model).fit(X, y)
        return self

    def decision_function(self, X: pd.DataFrame) -> np.ndarray:
        """Log-odds, shape (n,)."""
        own = self.model_.decision_function(X)
        later = {name: X[name] + step for name, step in self.clocks if name in X.columns}
        if not later:
            return own
        return (own + self.model_.decision_function(X.assign(**later))) / 2


def gradient_boosting(seed: int, trees: int) -> HistGradientBoostingClassifier:
    """Histogram gradient boosting with native categories and missing values.

    Small trees (8 leaves of at least 50 rows), a slow rate and half of the features per split: of the
    settings tried on simulated tables of 7,000 to 300,000 rows (CV inside training) these were within .001
    AUC of the best throughout, while large trees overfit the small tables. No early stopping: its split
    would part the rows of a household. The result does not depend on the number of threads.
    """
    return HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=trees,
        max_leaf_nodes=8,
        min_samples_leaf=50,
        l2_regularization=10.0,
        max_features=0.5,
        categorical_features="from_dtype",
        early_stopping=False,
        random_state=seed,
    )


def documents_settings(seed: int) -> GradientBoostingClassifier:
    """Gradient boosting with exactly the settings of the source documents."""
    return GradientBoostingClassifier(
        n_estimators=200,
        learning_rate=0.05,
        max_depth=5,
        min_samples_split=100,
        min_samples_leaf=50,
        random_state=seed,
    )


def complete_design(gaps: bool) -> ColumnTransformer:
    """Numbers scaled, unknown ones the median (``gaps`` adds an indicator of them); text one-hot.

    A missing text is a category of its own where training had one, otherwise it is none of the categories.
    """
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=gaps), StandardScaler())
    text = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer(
        [
            ("numbers", numbers, make_column_selector(dtype_include="number")),
            ("text", text, make_column_selector(dtype_include="category")),
        ]
    )


def build_candidates(spec: ChurnSpec, settings: Settings, features: list[str]) -> dict[str, Pipeline]:
    """Return the unfitted pipelines by name, in the order of ``settings.candidates``.

    ``days_since_last_activity`` is left out where ``spec.activity`` is not among the features; it is a
    logistic regression on that column alone, so that its ranking is the column's.
    """
    builders = {
        GRADIENT_BOOSTING: lambda: [
            FeatureEncoder(),
            OverTheDay(gradient_boosting(settings.seed, settings.trees), spec.clocks),
        ],
        DOCUMENTS_SETTINGS: lambda: [
            FeatureEncoder(),
            complete_design(gaps=False),
            documents_settings(settings.seed),
        ],
        LOGISTIC_REGRESSION: lambda: [
            FeatureEncoder(),
            complete_design(gaps=True),
            LogisticRegression(max_iter=1000),
        ],
        ACTIVITY_ALONE: lambda: [
            SelectColumn(spec.activity),
            SimpleImputer(strategy="median"),
            StandardScaler(),
            LogisticRegression(),
        ],
        BASE_RATE: lambda: [FeatureEncoder(), BaseRateClassifier()],
    }
    names = [name for name in settings.candidates if name != ACTIVITY_ALONE or spec.activity in features]
    return {name: make_pipeline(*builders[name]()) for name in names}
