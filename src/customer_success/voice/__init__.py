"""What customers say: intervals of net sentiment, and tests of whether a count has risen."""

from .rising import MINIMUM_VARIANCE, Rising, rising
from .themes import theme_changes, theme_intervals

__all__ = ["MINIMUM_VARIANCE", "Rising", "rising", "theme_changes", "theme_intervals"]
