"""The comparison on the screen, and its result in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from .comparison import PRESENT, PROPOSED, WhatIf, significant
from .refusal import UNKNOWN

POPULATIONS = {"active_7d": "active in the last 7 days", "all": "all customers"}


def show(found: WhatIf, console: Console) -> None:
    """Print the comparison: weights, bands of the current customers, change of the scores, back-test."""
    kind = "[bold]SYNTHETIC data[/bold]" if found.synthetic else "live data"
    dates = f"as of {found.as_of_date}, {found.score_dates} score dates"
    console.print(f"\n[bold]{found.health_model}[/bold] {dates}, {kind}")
    if found.proposed == found.present:
        console.print("The files change nothing; this is the present state.")
    _show_weights(found, console)
    _show_moved(found, console)
    for population in POPULATIONS:
        _show_backtest(found, population, console)
    console.print(
        "AUC: 0.5 is chance, 1 perfect. Lift: how much more often the tenth with the lowest scores leaves."
        " Rows: customers × score dates of which both scores and the outcome are known; intervals by a"
        " bootstrap over households.\n"
    )
    if found.proposed.bands != found.present.bands:
        _show_band_rates(found, console)
    console.print(verdict(found))


def _table(title: str, columns: Sequence[str], left: int = 1) -> Table:
    """An empty table; the first ``left`` columns hold words, the others numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for place, name in enumerate(columns):
        table.add_column(escape(name), justify="left" if place < left else "right")
    return table


def _show_weights(found: WhatIf, console: Console) -> None:
    table = _table("Weights", ("part", PRESENT, PROPOSED))
    for part in sorted({*found.present.weights, *found.proposed.weights}):
        before, after = (of.weights.get(part, Decimal(0)) for of in (found.present, found.proposed))
        table.add_row(part, f"{before:.3f}", f"{after:.3f}", style=None if before == after else "bold")
    console.print(table)


def _show_moved(found: WhatIf, console: Console) -> None:
    rows, columns = list(found.present.bands), list(found.proposed.bands)
    if any(UNKNOWN in pair for pair in found.moved):
        rows, columns = [*rows, UNKNOWN], [*columns, UNKNOWN]
    table = _table(
        f"{found.change_band:,} of {found.customers:,} current customers change band",
        (f"{PRESENT} ↓  {PROPOSED} →", *columns, "all"),
    )
    for before in rows:
        counts = [found.moved.get((before, after), 0) for after in columns]
        table.add_row(escape(before), *(f"{count:,}" for count in [*counts, sum(counts)]))
    sums = [sum(found.moved.get((before, after), 0) for before in rows) for after in columns]
    table.add_section()
    table.add_row("all", *(f"{count:,}" for count in [*sums, sum(sums)]))
    console.print(table)
    if found.mean_change is None:
        console.print("No score of a current customer is known both times.\n")
        return
    console.print(
        f"{found.changed_scores:,} of their scores change; over all by {found.mean_change:+.2f} points"
        f" on average, from {found.largest_fall:+d} to {found.largest_rise:+d}.\n"
    )


def _show_backtest(found: WhatIf, population: str, console: Console) -> None:
    table = _table(
        f"Leaving: back-test, {POPULATIONS[population]}",
        ("within", "scorecard", "AUC", "95% interval", "p", "lift", "95% interval"),
        left=2,
    )
    for horizon in found.horizons:
        for whose in (PRESENT, PROPOSED):
            area, lift = (
                figure(found, measure, whose, horizon, population) for measure in ("auc", "lift_worst_decile")
            )
            size = f"{horizon} days" if whose == PRESENT else f"{area['n']:,} rows"
            table.add_row(size, whose, *_shown(area, ".3f"), "", *_shown(lift, ".2f"))
        change = figure(found, "auc_against_primary", PROPOSED, horizon, population)
        p = "" if change["reason"] else f"{change['p_value']:.3f}"
        table.add_row(f"{change['left']:,} left", "difference", *_shown(change, "+.3f"), p, "", "")
        table.add_section()
    console.print(table)


def _show_band_rates(found: WhatIf, console: Console) -> None:
    horizon, population = found.horizons[0], "active_7d"
    table = _table(
        f"Share that leaves within {horizon} days per band, {POPULATIONS[population]}",
        ("scorecard", "band", "rows", "left", "share", "95% interval"),
        left=2,
    )
    for whose, scorecard in ((PRESENT, found.present), (PROPOSED, found.proposed)):
        for band in scorecard.bands:
            one = figure(found, "band_rate", whose, horizon, population, band)
            table.add_row(whose, escape(band), f"{one['n']:,}", f"{one['left']:,}", *_shown(one, ".2%"))
        table.add_section()
    console.print(table)


def figure(
    found: WhatIf, measure: str, whose: str, horizon: int, population: str, band: str | None = None
) -> dict:
    """One figure of the back-test on the rows known to both, as a dict with the columns of `backtest`.

    ``measure``, ``horizon`` (days) and ``population`` as there; value, interval and p_value are NaN where
    undefined, with the reason. KeyError where it was not measured.
    """
    asked = {"measure": measure, "health_model": whose, "horizon_days": horizon, "population": population}
    rows = found.backtest
    for column, value in (asked | {"sample": "common"}).items():
        rows = rows[rows[column] == value]
    rows = rows if band is None else rows[rows["band"] == band]
    if rows.empty:
        raise KeyError(tuple(asked.values()))
    return rows.iloc[0].to_dict()


def verdict(found: WhatIf) -> str:
    """One sentence: do the proposed weights rank active customers better, at the first horizon?"""
    if significant(found.proposed.weights) == significant(found.present.weights):
        return "The weights stay the same, and so does the ranking."
    horizon, population = found.horizons[0], "active_7d"
    one = figure(found, "auc_against_primary", PROPOSED, horizon, population)
    whom = f"Among customers {POPULATIONS[population]}, at {horizon} days,"
    if one["reason"]:
        return f"{whom} it is unknown whether the proposed weights rank better: {one['reason']}."
    p = f"p = {one['p_value']:.3f}"
    if one["ci_low"] <= 0 <= one["ci_high"]:
        return f"{whom} the proposed weights rank neither better nor worse: no more than noise ({p})."
    direction = "better" if one["value"] > 0 else "worse"
    return f"{whom} the proposed weights rank {direction}: more than noise ({p})."


def _shown(one: Mapping, form: str) -> tuple[str, str]:
    """Value and interval, or the reason why there is none."""
    value = UNKNOWN if pd.isna(one["value"]) else f"{one['value']:{form}}"
    if one["reason"]:
        return value, f"none: {one['reason']}"
    return value, f"{one['ci_low']:{form}} to {one['ci_high']:{form}}"
