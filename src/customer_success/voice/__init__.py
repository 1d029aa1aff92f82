"""What customers say: intervals of net sentiment, and tests of whether a count has risen."""

from .rising import Rising, rising
from .themes import theme_changes, theme_intervals
from .weekly import weekly_tests

__all__ = ["Rising", "rising", "theme_changes", "theme_intervals", "weekly_tests"]
