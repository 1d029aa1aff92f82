"""Words and scores that no rule knows, in the rows of the desk and of customer success."""

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
    """Yield which rows have a word or rating that no rule knows, and the reason."""
    yield from _of_customer_success(name, typed)
    if name == "zendesk.ticket":
        yield typed["priority"].notna() & ~typed["priority"].isin(DESK_PRIORITIES), "bad_value"
    if name == "zendesk.ticket_field_history":
        fields, values = typed["field_name"], typed["value"]
        known = rules.statuses["zendesk_ticket_statuses"]
        yield (fields == "status") & ~values.isin(known), "unknown_status"
        yield (fields == "priority") & values.notna() & ~values.isin(DESK_PRIORITIES), "bad_value"


LIFECYCLE = frozenset({"trial", "onboarding", "adopting", "growing", "renewing", "expanding", "advocating"})
LIFECYCLE |= {"at_risk", "churned"}
CADENCES = frozenset({"weekly", "biweekly", "monthly", "quarterly"})
SURVEYS = frozenset({"NPS", "CSAT", "Product", "Feature", "Exit"})


def _of_customer_success(name: str, typed: pd.DataFrame) -> Iterator[tuple[pd.Series, str]]:
    if name == "cs.lifecycle_overrides":
        yield ~typed["stage"].isin(LIFECYCLE), "bad_value"
    if name == "cs.success_plans":
        yield ~typed["review_cadence"].isin(CADENCES), "bad_value"
    if name == "cs.deliveries":
        yield typed["survey_type"].notna() & ~typed["survey_type"].isin(SURVEYS), "bad_value"
    if name == "cs.reviews":
        rating = typed["rating"]
        yield (rating % 1 != 0) & rating.notna() | (rating < 1) | (rating > 5), "score_out_of_scale"
    if name in ("cs.reviews", "cs.review_requests"):
        yield typed["platform"].isna(), "bad_value"
