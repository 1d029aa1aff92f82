"""Growth: what is computed of reviews beyond SQL."""

from .ratings import rating_intervals

__all__ = ["rating_intervals"]
