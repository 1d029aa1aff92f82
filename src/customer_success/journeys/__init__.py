"""Where each customer stands and who looks after it: pure functions of tables, without files or clocks."""

from .assignments import NO_PLAN, NO_PORTFOLIO, NO_REGION, assign
from .lifecycle import STAGES, Thresholds, Week
from .machine import run
from .rates import transition_rates
from .tables import lifecycle_table, thresholds_of

__all__ = [
    "NO_PLAN",
    "NO_PORTFOLIO",
    "NO_REGION",
    "STAGES",
    "Thresholds",
    "Week",
    "assign",
    "lifecycle_table",
    "run",
    "thresholds_of",
    "transition_rates",
]
