"""Does the score predict leaving? Scorecards side by side, and the primary one by band."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, count_tooltip, data, quantity, sized
from customer_success.pages.style import INK
from customer_success.pages.words import interval, percent, signed

from .auc_panel import POPULATIONS, auc_panel, no_outcome
from .facts import Facts


def ranking(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """The back-test: AUC per scorecard, and the share that leaves per band."""
    rows = rows_of(
        connection,
        """select health_model, horizon_days, population, sample, n, churned, auc, auc_ci_low, auc_ci_high,
            lift_worst_decile, lift_ci_low, lift_ci_high, auc_against_primary, auc_against_primary_ci_low,
            auc_against_primary_ci_high, reason
        from analytics.rpt_health_backtest where sample = 'common'
        order by health_model, horizon_days, population""",
    )
    horizon = first_horizon(rows)
    rates = rows_of(
        connection,
        """select population, band, n, left_count as "left", rate, ci_low, ci_high, reason
        from analytics.rpt_health_backtest_bands
        where sample = 'common' and health_model = ? and horizon_days = ? order by population, band""",
        [facts.primary, horizon],
    )
    panels = [auc_panel(rows, population, facts) for population in POPULATIONS]
    highest = max((row["ci_high"] or row["rate"] or 0 for row in rates), default=0)
    panels += [_rates_panel(rates, population, facts, highest, horizon) for population in POPULATIONS]
    reading = (
        "AUC is the chance that a customer who left had a lower score than one who stayed: 0.5 is a coin"
        " toss, 1 is perfect. All scorecards are measured on the same rows (customers × score dates where"
        " every score and its outcome are known); lines are 95% intervals by a bootstrap over households, or"
        " the reason why there is none."
    )
    return Section("Does the score predict leaving?", best_scorecard(rows, facts.primary), panels, reading)


def first_horizon(rows: Iterable[dict]) -> int | None:
    """The shortest horizon of the back-test in days, where one has to be chosen; None without any."""
    return min((row["horizon_days"] for row in rows), default=None)


def best_scorecard(rows: Iterable[dict], primary: str | None) -> str:
    """Return which scorecard ranks best within the shortest horizon, and whether it beats the primary one.

    ``rows``: those of ``rpt_health_backtest`` as dicts (AUC 0-1 and ``auc_against_primary`` with intervals,
    None where undefined); only the common sample and customers active in the last 7 days count. A difference
    is more than noise where its 95% interval leaves out 0. What is undefined has its reason.
    """
    rows = list(rows)
    horizon = first_horizon(rows)
    asked = {"horizon_days": horizon, "population": "active_7d", "sample": "common"}
    among = [row for row in rows if all(row[key] == value for key, value in asked.items())]
    ranked = sorted(
        (row for row in among if row["auc"] is not None),
        key=lambda row: (-row["auc"], row["health_model"] != primary, row["health_model"]),
    )
    if not ranked:
        why = sorted({row["reason"] for row in among if row["reason"]})
        return f"Which scorecard ranks best is not known yet: {', '.join(why) or 'there is no back-test'}."
    best, *others = ranked
    lead = (
        f"Best at ranking who leaves within {horizon} days, among customers active in the last 7 days, is"
        f" {best['health_model']}: AUC {best['auc']:.2f} ({interval(best, 'auc', '.2f')}), over"
        f" {best['n']:,} rows of which {best['churned']:,} left."
    )
    compared = best
    whose = f"Its lead over the primary scorecard, {primary},"
    if best["health_model"] == primary:
        if not others:
            return f"{lead} It is the primary scorecard, and no other is measured."
        compared = others[0]
        whose = f"It is the primary scorecard; its lead over the next, {compared['health_model']},"
    names = ("auc_against_primary", "auc_against_primary_ci_low", "auc_against_primary_ci_high")
    difference, *ends = (compared[name] for name in names)
    if difference is None:
        return f"{lead} {whose} is not known."
    if compared is not best:
        difference, ends = -difference, [None if end is None else -end for end in reversed(ends)]
    whose += f" is {difference:.3f}"
    if None in ends:
        why = compared["reason"] or "there is no interval"
        return f"{lead} {whose}; whether that is more than noise is unknown: {why}."
    low, high = ends
    noise = "more than noise" if low > 0 or high < 0 else "no more than noise"
    return f"{lead} {whose} (95% interval {signed(low, 3)} to {signed(high, 3)}): {noise}."


def _rates_panel(
    rates: list[dict], population: str, facts: Facts, highest: float, horizon: int | None
) -> Panel:
    of = f" of {facts.primary}" if facts.primary else ""
    heading, about = POPULATIONS[population], f"Share that leaves within {horizon} days, per band{of}"
    found = {row["band"]: row for row in rates if row["population"] == population}
    if not any(row["left"] for row in found.values()):
        return Panel(no_outcome(list(found.values())), None, heading, about)
    colours = facts.band_colours
    order = [band for band, _ in facts.bands if band in found]
    bars = []
    for band in order:
        row = found[band]
        bars.append({"band": band, "rate": row["rate"], "low": row["ci_low"], "high": row["ci_high"]})
        bars[-1] |= {"n": row["n"], "left": row["left"], "interval": interval(row, None, ".1%")}
        *above, beside = label = _rate_label(row)
        bars[-1] |= {"label": label, "above": "".join(above), "beside": beside}
    base = alt.Chart(data(bars)).encode(y=alt.Y("band:N", sort=order, axis=None))
    tooltip = [
        alt.Tooltip("band:N"),
        alt.Tooltip("rate:Q", title="left", format=".2%"),
        alt.Tooltip("interval:N", title="precision"),
        count_tooltip("n", "rows"),
        count_tooltip("left", "of them left"),
    ]
    share = alt.X(
        "rate:Q",
        title=f"share that leaves within {horizon} days",
        axis=alt.Axis(format="%", tickCount=5),
        scale=alt.Scale(domain=[0, highest * 1.02]),
    )
    halo = base.mark_rule(color="white", strokeWidth=5, yOffset=16)
    whisker = base.mark_rule(color=INK, strokeWidth=1.6, yOffset=16)
    ends = base.mark_tick(color=INK, thickness=1.6, size=10, yOffset=16)
    chart = alt.layer(
        base.mark_bar(height=16, yOffset=16).encode(x=share, color=colour("band", colours), tooltip=tooltip),
        halo.encode(x=quantity("low"), x2="high"),
        whisker.encode(x=quantity("low"), x2="high"),
        ends.encode(x=quantity("low")),
        ends.encode(x=quantity("high")),
        *(
            base.mark_text(align="left", baseline="bottom", dy=lower, color=INK).encode(
                x=alt.value(0), text=f"{line}:N"
            )
            for line, lower in (("above", -11), ("beside", 4))
        ),
    )
    words = f"{about}. {heading}: " + " ".join(f"{', '.join(bar['label'])}." for bar in bars)
    table = [
        [
            band,
            found[band]["n"],
            found[band]["left"],
            "unknown" if found[band]["rate"] is None else f"{found[band]['rate']:.2%}",
            interval(found[band], None, ".2%"),
        ]
        for band in order
    ]
    columns = ("band", "rows", "left", "share", "precision")
    return Panel(words, sized(chart, 62 * len(order) + 40), heading, about, columns=columns, rows=table)


def _rate_label(row: dict) -> list[str]:
    """One line of text, and a second where the interval is withheld."""
    if row["rate"] is None:
        return [f"{row['band']}: unknown", str(row["reason"])]
    label = f"{row['band']}: {percent(row['rate'])} ({row['left']:,} of {row['n']:,})"
    return [label] if row["ci_low"] is not None else [label, f"no interval: {row['reason']}"]
