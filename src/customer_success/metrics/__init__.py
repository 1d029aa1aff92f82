"""The metric layer: definitions and their lock, intervals of values, what was published, the page."""

from .ledger import record_published

__all__ = ["record_published"]
