"""Where each customer stands and who looks after it: pure functions of tables, without files or clocks."""

from .assignments import NO_PLAN, NO_PORTFOLIO, NO_REGION, assign

__all__ = ["NO_PLAN", "NO_PORTFOLIO", "NO_REGION", "assign"]
