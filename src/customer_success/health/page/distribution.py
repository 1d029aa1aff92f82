"""How healthy the customers are, and how they spread over the bands."""

from __future__ import annotations

from datetime import date

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import (
    colour,
    count_tooltip,
    data,
    day_tooltip,
    hover,
    quantity,
    sized,
    time_axis,
)
from customer_success.pages.style import ACCENT, GREY, UNKNOWN
from customer_success.pages.words import listed, percent

from .facts import Facts


def distribution(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Quantiles of the primary score by score date."""
    rows = rows_of(
        connection,
        """select score_date, count(health_score) as n, count(*) - count(health_score) as unknown,
            quantile_cont(health_score, [0.10, 0.25, 0.50, 0.75, 0.90]) as quantiles
        from analytics.fct_customer_health group by score_date order by score_date""",
    )
    title = "How healthy the customers are"
    known = [row for row in rows if row["n"]]
    if not known:
        return Section(title, "", [Panel(_without_scores(rows))])
    names = ("p10", "p25", "p50", "p75", "p90")
    for row in rows:
        row |= dict(zip(names, row.pop("quantiles") or [None] * len(names), strict=True))
    last = known[-1]
    lead = (
        f"Half of the customers score between {last['p25']:g} and {last['p75']:g} on {facts.primary};"
        f" the median is {last['p50']:g}"
    )
    year_ago = [row for row in known if (last["score_date"] - row["score_date"]).days >= 364]
    if year_ago:
        lead += f" and was {year_ago[-1]['p50']:g} a year before"
    base = alt.Chart(data(rows)).encode(x=time_axis())  # a date without any score breaks the areas
    score = alt.Y("p50:Q", title="score", scale=alt.Scale(domain=[0, 100], nice=False))
    tooltip = [day_tooltip("score_date", "as of")]
    tooltip += [alt.Tooltip(f"{name}:Q", title=name, format=".1f") for name in reversed(names)]
    tooltip += [count_tooltip("n", "customers with a score"), count_tooltip("unknown", "score unknown")]
    chart = alt.layer(
        base.mark_area(color=ACCENT, opacity=0.16).encode(y=quantity("p10"), y2="p90"),
        base.mark_area(color=ACCENT, opacity=0.30).encode(y=quantity("p25"), y2="p75"),
        *_band_lines(facts),
        base.mark_line(color=ACCENT, strokeWidth=2.5, point=len(known) == 1).encode(y=score),
        *hover(known, tooltip),
    )
    words = (
        f"Quantiles of the {facts.primary} score over {len(known)} score dates,"
        f" {known[0]['score_date']} to {last['score_date']}: median {known[0]['p50']:g} at first,"
        f" {last['p50']:g} at last; then 10% score {last['p10']:g} or less and 10% {last['p90']:g} or more."
    )
    legend = {"median": ACCENT, "middle half (p25 to p75)": "#9db7d0", "p10 to p90": "#dbe5ee"}
    table = [[row["score_date"], row["n"], row["unknown"], *(row[name] for name in names)] for row in rows]
    panel = Panel(
        words, sized(chart, 320), legend=legend, columns=("as of", "n", "unknown", *names), rows=table
    )
    reading = "Each score date counts the customers of that day. Dashed lines: where a band begins."
    return Section(title, lead + ".", [panel], reading)


def share_of_bands(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Share of customers per band by score date."""
    rows = rows_of(
        connection,
        """select score_date, coalesce(health_segment, 'unknown') as band, count(*) as customers
        from analytics.fct_customer_health group by all order by all""",
    )
    title = "How they spread over the bands"
    if not rows:
        return Section(title, "", [Panel(_without_scores(rows))])
    colours = facts.band_colours
    colours |= {row["band"]: UNKNOWN for row in rows if row["band"] not in colours}
    order = list(colours)
    counts: dict[date, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["score_date"], dict.fromkeys(order, 0))[row["band"]] = row["customers"]
    areas, hovers = [], []
    for day, of in counts.items():
        total = sum(of.values())
        hovers.append({"score_date": day, "n": total})
        for place, band in enumerate(order):
            share = of[band] / total
            areas.append({"score_date": day, "band": band, "place": -place, "share": share})
            hovers[-1][f"b{place}"] = share
    *_, last = counts.values()
    now = {band: last[band] / sum(last.values()) for band in order}
    parts = [f"{percent(share)} {band}" for band, share in now.items() if band != "unknown"]
    lead = f"Of {sum(last.values()):,} customers now {listed(parts)}"
    lead += f"; the score of {last['unknown']:,} is unknown." if last["unknown"] else "; no score is unknown."
    tooltip = [day_tooltip("score_date", "as of"), count_tooltip("n", "customers")]
    tooltip += [alt.Tooltip(f"b{place}:Q", title=band, format=".1%") for place, band in enumerate(order)]
    share = alt.Y("share:Q", title="share of customers", stack="zero", axis=alt.Axis(format="%"))
    chart = alt.layer(
        alt.Chart(data(areas))
        .mark_area(stroke="white", strokeWidth=0.6)
        .encode(
            x=time_axis(),
            y=share.scale(domain=[0, 1]),
            color=colour("band", colours),
            order=alt.Order("place:Q"),
        ),
        *hover(hovers, tooltip),
    )
    legend = {f"{band} {percent(now[band])}": colours[band] for band in order}
    words = f"Share of customers per band of {facts.primary} over {len(counts)} score dates. {lead}"
    table = [[day, sum(of.values()), *(of[band] for band in order)] for day, of in counts.items()]
    panel = Panel(words, sized(chart, 280), legend=legend, columns=("as of", "customers", *order), rows=table)
    reading = "The best band is on top; unknown, at the bottom, means too little data for a score."
    return Section(title, lead, [panel], reading)


def _band_lines(facts: Facts) -> list[alt.Chart]:
    """Where each band begins, and its name at its middle, next to the chart."""
    tops = [100, *(lowest for _, lowest in facts.bands)]
    bands = [
        {"from": lowest, "middle": (lowest + top) / 2, "band": band}
        for (band, lowest), top in zip(facts.bands, tops, strict=False)
    ]
    if not bands:
        return []
    begins = alt.Chart(data([band for band in bands if band["from"] > 0])).encode(y="from:Q")
    names = alt.Chart(data(bands)).encode(y="middle:Q", x=alt.value("width"), text="band:N")
    return [
        begins.mark_rule(color=GREY, strokeDash=[3, 4], opacity=0.7),
        names.mark_text(align="left", baseline="middle", dx=7, color=GREY, fontSize=12),
    ]


def _without_scores(rows: list) -> str:
    return "No score of any customer is known." if rows else "No customer has been scored yet."
