"""The model card: what the classifier is, its training data, and its limits of use.

Form: Mitchell et al. (2019), Model Cards for Model Reporting.
"""

from __future__ import annotations

import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.words import listed, spoken

from .facts import Facts

LEFT = "left within 30 days of the snapshot"
ASKED = (
    "The chance that a household that is a customer on the day of a snapshot leaves within 30 days: closes"
    " its account, or is last seen and stays away until it counts as churned."
)
USE = (
    "To choose which customers to contact first, and to plan how many calls that means. Read it together"
    " with the drivers of the household and the rule score."
)
NOT = (
    "No decision about a household without a person who reviews it; no price, credit or service that"
    " depends on it; no assessment of a household member or of an account manager. It does not show what"
    " makes customers leave, or what would keep them. It must not be used for another company, or after the"
    " next build."
)
LIMITS = (
    "It uses only what the tables contained on the day of the snapshot. It was tested on the last snapshots"
    " only; if the product, the prices or the customers change, it may become wrong before the figures here"
    " show it. Rows of one household are correlated, so the intervals resample households."
)
SYNTHETIC = "It learned from simulated data. It is not about real customers and must not score them."


def model_card(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """The facts of the run, and its intended use."""
    title = "Model card"
    if facts.run is None:
        return Section(title, "", [Panel("There is no model yet.")])
    run = facts.run
    terms = [
        ("Model", f"{_status(facts)} (run {run['model_run_id']})"),
        ("What it predicts", ASKED),
        ("Trained on", _rows(run, "train")),
        ("Tested on", _rows(run, "test")),
        ("When", f"As of {run['as_of_date']}; it used nothing received later."),
        ("Meant for", USE),
        ("Must not be used for", NOT),
        ("Known limits", LIMITS),
    ]
    if run["notes"]:
        terms.append(("Notes of the run", run["notes"]))
    samples = _samples(connection, facts)
    if samples:
        terms.insert(4, ("Learned from a sample", samples))
    if facts.synthetic:
        terms.insert(1, ("Synthetic", SYNTHETIC))
    return Section(title, "", [Panel("", terms=terms)])


def _status(facts: Facts) -> str:
    if facts.abstains:
        return f"No predictions: the run abstains. {facts.why}"
    return f"{facts.selected_spoken.capitalize()}; it has skill, and predicts"


def _rows(run: dict, part: str) -> str:
    begin, end = run[f"{part}_from"], run[f"{part}_to"]
    if begin is None or not run[f"n_{part}"]:
        return "Nothing: there were no such snapshots."
    rows, left = run[f"n_{part}"], run[f"positives_{part}"]
    households, churned = run[f"households_{part}"], run[f"churned_{part}"]
    return (
        f"Snapshots {begin} to {end}: {rows:,} rows of {households:,} households; {left:,} rows, of"
        f" {churned:,} households, {LEFT}."
    )


def _samples(connection: duckdb.DuckDBPyConnection, facts: Facts) -> str:
    """Which candidates were fitted on a sample of the households."""
    rows = rows_of(
        connection,
        "select model, training_note from analytics.ml_model_candidates"
        " where model_run_id = ? and training_note is not null order by model",
        [facts.run_id],
    )
    return listed([f"{spoken(row['model'])}: {row['training_note']}" for row in rows])
