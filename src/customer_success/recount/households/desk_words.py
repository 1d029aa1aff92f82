"""Words of the desk in the rows of tickets and of their histories."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .rules import DESK_PRIORITIES, Rules


def is_deleted_ticket(name: str, typed: pd.DataFrame) -> np.ndarray:
    """Mark the tickets whose status is deleted, and the changes to it."""
    if name == "zendesk.ticket":
        return (typed["status"] == "deleted").to_numpy(bool)
    if name == "zendesk.ticket_field_history":
        return ((typed["field_name"] == "status") & (typed["value"] == "deleted")).to_numpy(bool)
    return np.zeros(len(typed), bool)


def strange_words(name: str, typed: pd.DataFrame, rules: Rules) -> Iterator[tuple[pd.Series, str]]:
    """Yield which rows of a table of tickets have a status or priority that no rule knows, and the reason."""
    if name == "zendesk.ticket":
        yield typed["priority"].notna() & ~typed["priority"].isin(DESK_PRIORITIES), "bad_value"
    if name == "zendesk.ticket_field_history":
        fields, values = typed["field_name"], typed["value"]
        known = rules.statuses["zendesk_ticket_statuses"]
        yield (fields == "status") & ~values.isin(known), "unknown_status"
        yield (fields == "priority") & values.notna() & ~values.isin(DESK_PRIORITIES), "bad_value"
