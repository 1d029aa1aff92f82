"""The error of the comparison, and the name of an unknown band."""

from __future__ import annotations

UNKNOWN = "unknown"


class Refusal(Exception):
    """Why nothing is compared, as one message for the user."""
