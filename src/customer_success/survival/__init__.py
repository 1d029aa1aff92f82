"""Survival from a landmark on: Cox regression, Kaplan-Meier curves, and what remains given survival so far.

Pure functions of their arguments: no files, no clock, seeded. The clock starts at the landmark (day 90 of a
household), which for the Cox model is the same as delayed entry on that day.
"""

from .config import Covariate, SurvivalSettings, SurvivalSpec
from .cox import FITTED, NOT_FITTED, CoxFit, cox_fit
from .curves import Curves, survival_curves
from .predict import predict_remaining
from .run import HOUSEHOLDS, run

__all__ = [
    "FITTED",
    "HOUSEHOLDS",
    "NOT_FITTED",
    "Covariate",
    "CoxFit",
    "Curves",
    "SurvivalSettings",
    "SurvivalSpec",
    "cox_fit",
    "predict_remaining",
    "run",
    "survival_curves",
]
