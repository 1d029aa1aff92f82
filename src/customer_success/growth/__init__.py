"""Growth: what is computed of reviews and referrals beyond SQL, and the page of growth."""

from .ratings import rating_intervals

__all__ = ["rating_intervals"]
