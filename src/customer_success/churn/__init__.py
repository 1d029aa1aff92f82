"""Churn classifier: candidates fitted on the past, tested on the last snapshots; it abstains without skill.

``leak_check``, then ``fit``, ``evaluate``, ``performance_curves``, ``score``;
``cross_validate`` for tables of a single moment.
Pure functions of their arguments: no files, no clock, seeded, the same result on any number of threads.
"""

from .calibration_table import interval_width
from .config import ChurnSpec, RiskBand, RiskBands, Settings
from .cross_validate import CrossValidation, cross_validate
from .curves import performance_curves
from .evaluate import NO_SKILL, SKILLED, Evaluation, evaluate
from .fit import Fitted, Size, fit
from .leaks import LeakLimits, LeakReport, leak_check
from .run import SNAPSHOTS, bands_of, run
from .score import score
from .table import Snapshots, read_table

__all__ = [
    "NO_SKILL",
    "SKILLED",
    "SNAPSHOTS",
    "ChurnSpec",
    "CrossValidation",
    "Evaluation",
    "Fitted",
    "LeakLimits",
    "LeakReport",
    "RiskBand",
    "RiskBands",
    "Settings",
    "Size",
    "Snapshots",
    "bands_of",
    "cross_validate",
    "evaluate",
    "fit",
    "interval_width",
    "leak_check",
    "performance_curves",
    "read_table",
    "run",
    "score",
]
