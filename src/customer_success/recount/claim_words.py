"""Checks that the statement of a published claim contains its number."""

from __future__ import annotations

import json

import pandas as pd


def check_words(row: dict) -> list[str]:
    """Return a problem where a published figure is not among the numbers of its statement."""
    if pd.isna(row["claimed_value"]) or row["status"] != "published":
        return []
    claimed, slack = row["claimed_value"], 0.0 if pd.isna(row["tolerance"]) else row["tolerance"]
    stated = {round(abs(value), 9) for value in json.loads(row["statement_values"])}
    # A range is stated by its ends; the sign of a change by its words.
    meant = [{round(abs(claimed), 9)}, {round(abs(claimed - slack), 9), round(abs(claimed + slack), 9)}]
    if any(values <= stated for values in meant):
        return []
    return [f"is published with {claimed:g}; its statement says {sorted(stated) or 'no number'}"]
