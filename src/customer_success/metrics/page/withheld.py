"""What is not published, and why."""

from __future__ import annotations

from collections import Counter

from customer_success.pages import Panel, Section

from .facts import Facts, period

TITLE = "Withheld"
MEANING = {
    "insufficient_sample": "the sample is below its minimum, or gives no interval",
    "incomplete_period": "the period, or the day that the metric waits for, is not over",
    "stale": "a source has not been loaded for too long",
    "unreconciled": "a source does not add up from raw to marts",
}


def withheld(facts: Facts) -> Section:
    """How many values are withheld for which reason, and the latest ones by name."""
    gone = [row for row in facts.rows if row["value"] is None]
    if not gone:
        return Section(TITLE, "Nothing is withheld.", [Panel("Every value has what it needs.")])
    counts = Counter((row["status"], row["period_grain"]) for row in gone)
    names = facts.grains
    grains = [grain for grain in names if any(key[1] == grain for key in counts)]
    summary = [
        [MEANING[status], *(counts[status, grain] for grain in grains)]
        for status in MEANING
        if any(counts[status, grain] for grain in grains)
    ]
    latest = [
        [
            facts.name(row["metric"]),
            names[grain],
            period(row),
            row["segment"],
            row["sample_size"],
            row["note"],
        ]
        for grain in grains
        for row in facts.values(period_grain=grain, period_start=facts.last_start(grain))
        if row["value"] is None
    ]
    panels = [
        Panel(
            "",
            heading="Values withheld",
            columns=("because", *(names[g] for g in grains)),
            rows=summary,
            wide=True,
        )
    ]
    if latest:
        columns = ("metric", "of a", "period", "segment", "sample", "reason")
        heading = "In the latest periods that are over"
        panels.append(Panel("", heading=heading, columns=columns, rows=latest, wide=True))
    lead = f"{len(gone):,} of {len(facts.rows):,} values are withheld; this page does not show their numbers."
    return Section(TITLE, lead, panels)
