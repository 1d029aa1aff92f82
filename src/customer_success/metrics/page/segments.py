"""The metrics by plan and region in the latest quarter."""

from __future__ import annotations

from customer_success.pages import Panel, Section

from .facts import Facts, period

TITLE = "By plan and region"
KINDS = {"plan_type": "By plan", "region": "By region"}


def segments(facts: Facts) -> Section:
    """One table per kind of segment, a column per segment; each cell with interval and sample."""
    start = facts.last_start("quarter")
    panels, days = [], ""
    for kind, heading in KINDS.items():
        rows = facts.values(period_grain="quarter", period_start=start, segment_type=kind)
        names = sorted({row["segment"] for row in rows})
        cells = {(row["metric"], row["segment"]): row for row in rows}
        table = [
            [facts.name(metric), *(_cell(facts, cells.get((metric, name))) for name in names)]
            for metric in facts.metrics
            if any((metric, name) in cells for name in names)
        ]
        if table:
            days = period(rows[0])
            columns = ("metric", *names)
            panels.append(Panel("", heading=heading, columns=columns, rows=table, wide=True))
    if not panels:
        return Section(TITLE, "", [Panel("No quarter is over yet.")])
    lead = f"Quarter from {days}. Differences between segments need a test before they are claimed."
    return Section(TITLE, lead, panels)


def _cell(facts: Facts, row: dict | None) -> str:
    if row is None:
        return ""
    sample = f"n = {row['sample_size']:,}"
    if row["value"] is None:
        return f"withheld, {sample}"
    return f"{facts.shown(row['metric'], row['value'])} ({facts.interval(row)}), {sample}"
