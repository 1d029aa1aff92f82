"""Rows that are in no mart: deleted at the source, or of test mode."""

from __future__ import annotations

from customer_success.doctor.found import Found
from customer_success.doctor.moments import text_of

DELETED, LIVE = ("_fivetran_deleted", "is_deleted"), "livemode"


def is_deleted(found: Found) -> str:
    """Return a condition, never null: the row is deleted at the source; empty where no column says so."""
    columns = [name for name in DELETED if name in found.types]
    return " or ".join(f"coalesce(try_cast({text_of(name)} as boolean), false)" for name in columns)


def is_not_live(found: Found) -> str:
    """Return a condition, never null: the row is of test mode; empty where no column says so."""
    return f"coalesce(not try_cast({text_of(LIVE)} as boolean), false)" if LIVE in found.types else ""


def stands(found: Found) -> str:
    """Return a condition: the row is neither deleted nor of test mode."""
    conditions = [condition for condition in (is_deleted(found), is_not_live(found)) if condition]
    return f"not ({' or '.join(conditions)})" if conditions else "true"
