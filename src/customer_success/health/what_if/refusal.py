"""What is refused, and how the unknown is called."""

from __future__ import annotations

UNKNOWN = "unknown"


class Refusal(Exception):
    """Why nothing is compared, as one message for the user."""
