"""``python -m customer_success.health.page``: the health of all customers on one page.

One HTML file with everything in it (charts, data, the library that draws them): it fetches nothing, and its
content-security policy forbids it to. Nothing is on it that is not in the database: no clock, no chance, so
the same database gives the same file. Households appear by id, never by name.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path

import altair as alt
import duckdb
import vl_convert
from altair.utils._importers import vl_version_for_vl_convert

HORIZON = 30  # days within which leaving counts, where one has to be chosen
MOVERS = 15
POPULATIONS = {"active_7d": "Active in the last 7 days", "all": "All customers"}
ALERTS = {
    "fct_trend_alerts": ("metric", "Trend alerts", "fell"),
    "fct_health_alerts": ("alert", "Health alerts", ""),
}

INK, GREY, LINE, UNKNOWN = "#17202a", "#4a5562", "#dfe3e8", "#b8bec6"
SCORE = "#1f5f99"
PARTS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#5b4a8a", "#8a8f2a")
BANDS = ("#1f5f99", "#4a90c2", "#8cc0de", "#f2dc8c", "#f0a24f", "#dd6b33", "#a51d23")  # best to worst
HORIZONS = ("#17202a", "#0072b2", "#d55e00", "#8a8f2a")
SHAPES = ("circle", "square", "triangle-up", "diamond")


@dataclass(frozen=True)
class Facts:
    """What the whole page is about; ``primary`` is None before anybody has been scored.

    ``bands`` are those of the primary scorecard, the best first, as (name, lowest score).
    """

    as_of_date: date | None
    households: int
    synthetic: int
    customers: int
    primary: str | None
    bands: list[tuple[str, int]]

    @property
    def band_colours(self) -> dict[str, str]:
        """Colour per band from blue (best) to red, and grey for an unknown score."""
        steps = (len(BANDS) - 1) / max(len(self.bands) - 1, 1)
        found = {name: BANDS[round(place * steps)] for place, (name, _) in enumerate(self.bands)}
        return found | {"unknown": UNKNOWN}


@dataclass(frozen=True)
class Panel:
    """One chart with what it shows in words, or, where there is none, the words that say why."""

    words: str
    chart: alt.TopLevelMixin | None = None
    heading: str = ""
    about: str = ""
    legend: dict[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page: a heading, what the data say, panels, how to read them."""

    title: str
    lead: str
    panels: list[Panel]
    how_to_read: str = ""


def render(database: Path, out: Path) -> Path:
    """Write the page about ``database`` (a finished build) to the file ``out`` and return ``out``.

    Scores are points of 0-100, AUC 0-1, rates per cent, MRR units of the reporting currency a month. A table
    without rows gives a section that says so. FileNotFoundError where there is no database, duckdb.Error
    where it cannot be opened or the health tables are not in it, OSError where ``out`` cannot be written.
    """
    if not database.is_file():
        raise FileNotFoundError(f"there is no database {database}")
    with duckdb.connect(str(database), read_only=True) as connection:
        facts = _facts(connection)
        sections = [
            build(connection, facts) for build in (_distribution, _share_of_bands, _movers, _ranking, _alerts)
        ]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(_document(facts, sections), encoding="utf-8")
    return out


# What is read ------------------------------------------------------------------


def _rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence = ()) -> list[dict]:
    result = connection.execute(query, list(parameters))
    names = [column[0] for column in result.description]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in result.fetchall()]


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    (households,) = _rows(
        connection,
        "select count(*) as households, count(*) filter (where is_synthetic) as synthetic,"
        " count(*) filter (where is_active) as customers from analytics.dim_households",
    )
    dates = _rows(connection, "select max(as_of_date) as as_of_date from build.parameters")
    primary = _rows(connection, "select min(health_model) as model from analytics.fct_customer_health")
    bands = _rows(
        connection,
        "select band, min_score from rules.health_bands where health_model = ? order by min_score desc",
        [primary[0]["model"]],
    )
    return Facts(
        as_of_date=dates[0]["as_of_date"],
        primary=primary[0]["model"],
        bands=[(row["band"], row["min_score"]) for row in bands],
        **households,
    )


# The sections ------------------------------------------------------------------


def _distribution(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    rows = _rows(
        connection,
        """select score_date, count(health_score) as n, count(*) - count(health_score) as unknown,
            quantile_cont(health_score, [0.10, 0.25, 0.50, 0.75, 0.90]) as quantiles
        from analytics.fct_customer_health group by score_date order by score_date""",
    )
    title = "How healthy the customers are"
    known = [row for row in rows if row["n"]]
    if not known:
        return Section(title, "", [Panel(_nobody(rows))])
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
    base = alt.Chart(_data(rows)).encode(x=_time())  # a date without any score breaks the areas
    score = alt.Y("p50:Q", title="score", scale=alt.Scale(domain=[0, 100], nice=False))
    tooltip = [_day("score_date", "as of")]
    tooltip += [alt.Tooltip(f"{name}:Q", title=name, format=".1f") for name in reversed(names)]
    tooltip += [_count("n", "customers with a score"), _count("unknown", "score unknown")]
    chart = alt.layer(
        base.mark_area(color=SCORE, opacity=0.16).encode(y=_q("p10"), y2="p90"),
        base.mark_area(color=SCORE, opacity=0.30).encode(y=_q("p25"), y2="p75"),
        *_band_lines(facts),
        base.mark_line(color=SCORE, strokeWidth=2.5, point=len(known) == 1).encode(y=score),
        *_hover(known, tooltip),
    )
    words = (
        f"Quantiles of the {facts.primary} score over {len(known)} score dates,"
        f" {known[0]['score_date']} to {last['score_date']}: median {known[0]['p50']:g} at first,"
        f" {last['p50']:g} at last; then 10% score {last['p10']:g} or less and 10% {last['p90']:g} or more."
    )
    legend = {"median": SCORE, "middle half (p25 to p75)": "#9db7d0", "p10 to p90": "#dbe5ee"}
    table = [[row["score_date"], row["n"], row["unknown"], *(row[name] for name in names)] for row in rows]
    panel = Panel(
        words, _sized(chart, 320), legend=legend, columns=("as of", "n", "unknown", *names), rows=table
    )
    reading = "Each score date counts who was a customer then. Dashed lines: where a band begins."
    return Section(title, lead + ".", [panel], reading)


def _share_of_bands(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    rows = _rows(
        connection,
        """select score_date, coalesce(health_segment, 'unknown') as band, count(*) as customers
        from analytics.fct_customer_health group by all order by all""",
    )
    title = "How they spread over the bands"
    if not rows:
        return Section(title, "", [Panel(_nobody(rows))])
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
    parts = [f"{_percent(share)} {band}" for band, share in now.items() if band != "unknown"]
    lead = f"Of {sum(last.values()):,} customers now {_listed(parts)}"
    lead += f"; the score of {last['unknown']:,} is unknown." if last["unknown"] else "; no score is unknown."
    tooltip = [_day("score_date", "as of"), _count("n", "customers")]
    tooltip += [alt.Tooltip(f"b{place}:Q", title=band, format=".1%") for place, band in enumerate(order)]
    share = alt.Y("share:Q", title="share of customers", stack="zero", axis=alt.Axis(format="%"))
    chart = alt.layer(
        alt.Chart(_data(areas))
        .mark_area(stroke="white", strokeWidth=0.6)
        .encode(
            x=_time(),
            y=share.scale(domain=[0, 1]),
            color=_colour("band", colours),
            order=alt.Order("place:Q"),
        ),
        *_hover(hovers, tooltip),
    )
    legend = {f"{band} {_percent(now[band])}": colours[band] for band in order}
    words = f"Share of customers per band of {facts.primary} over {len(counts)} score dates. {lead}"
    table = [[day, sum(of.values()), *(of[band] for band in order)] for day, of in counts.items()]
    panel = Panel(
        words, _sized(chart, 280), legend=legend, columns=("as of", "customers", *order), rows=table
    )
    reading = "The best band is on top; unknown, below all, means that too little is known for a score."
    return Section(title, lead, [panel], reading)


def _movers(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    fallen = _rows(
        connection,
        f"""select household_id, health_score, score_change_28d as change, plan_type, mrr
        from analytics.fct_customer_health where is_current and score_change_28d < 0
        order by score_change_28d, mrr desc nulls last, household_id limit {MOVERS}""",
    )
    title = "Who fell most in the last 28 days"
    if not fallen:
        past = _rows(
            connection,
            "select count(score_change_28d) as n from analytics.fct_customer_health where is_current",
        )
        said = (
            "No customer's score has fallen." if past[0]["n"] else "No customer has a score to compare with."
        )
        return Section(title, "", [Panel(said)])
    drivers = _rows(
        connection,
        """select household_id, part, points_moved from analytics.fct_health_drivers
        where points_moved is not null and list_contains(?, household_id) order by household_id, part""",
        [[row["household_id"] for row in fallen]],
    )
    moved: dict[str, dict[str, float]] = {row["household_id"]: {} for row in fallen}
    for row in drivers:
        moved[row["household_id"]][_spoken(row["part"])] = row["points_moved"]
    # What no part explains: a part that became known or unknown moves the weights of the others.
    other = "parts that became known or unknown"
    for row in fallen:
        rest = row["change"] - sum(moved[row["household_id"]].values())
        if abs(rest) > 1:
            moved[row["household_id"]][other] = rest
    sums: dict[str, float] = {}
    for of in moved.values():
        for part, points in of.items():
            sums[part] = sums.get(part, 0) + points
    # A part keeps its colour from build to build; the one that costs most lies next to the line.
    colours = {part: PARTS[place % len(PARTS)] for place, part in enumerate(sorted(sums))}
    colours |= {other: UNKNOWN} if other in sums else {}
    colours = {part: colours[part] for part in sorted(sums, key=lambda part: (sums[part], part))}
    households = [
        {
            "place": place,
            "household": row["household_id"],
            "plan": row["plan_type"] or "unknown",
            "mrr": _money(row["mrr"]),
            "score": "unknown" if row["health_score"] is None else str(row["health_score"]),
            "change": row["change"],
            "label": _signed(row["change"], 0),
            "lowest": sum(points for points in moved[row["household_id"]].values() if points < 0),
        }
        for place, row in enumerate(fallen)
    ]
    bars = [
        of | {"part": part, "points": points, "order": list(colours).index(part)}
        for of in households
        for part, points in moved[of["household"]].items()
    ]
    about = [
        alt.Tooltip(f"{name}:N", title=text)
        for name, text in [
            ("household", "household"),
            ("plan", "plan"),
            ("mrr", "MRR"),
            ("score", "score now"),
            ("label", "change of the score"),
        ]
    ]
    rank = alt.Y(
        "household:N",
        sort=[of["household"] for of in households],
        title=None,
        axis=alt.Axis(labelLimit=130, domain=False, ticks=False, labelPadding=8),
    )
    low = min([of["lowest"] for of in households] + [row["change"] for row in fallen])
    high = max(
        [sum(points for points in of.values() if points > 0) for of in moved.values()] + [0],
    )
    scale = alt.Scale(domain=[low * 1.2 - 1, high + 1], nice=False)
    base = alt.Chart(_data(households)).encode(y=rank)
    chart = alt.layer(
        alt.Chart(_data(bars))
        .mark_bar(height={"band": 0.68}, stroke="white", strokeWidth=0.7)
        .encode(
            y=rank,
            x=alt.X("points:Q", title="points moved", scale=scale),
            color=_colour("part", colours),
            order=alt.Order("order:Q"),
            tooltip=[
                *about,
                alt.Tooltip("part:N", title="part"),
                alt.Tooltip("points:Q", title="points moved by it", format="+.1f"),
            ],
        ),
        alt.Chart(_data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q"),
        base.mark_text(align="right", dx=-6, fontWeight=700, color=INK, fontSize=12).encode(
            x="lowest:Q", text="label:N", tooltip=about
        ),
    )
    smallest, largest = -fallen[-1]["change"], -fallen[0]["change"]
    lead = f"One customer fell, by {largest} points"
    if len(fallen) > 1:
        lead = f"The {len(fallen)} largest falls are of {smallest} to {largest} points"
    worst = next(iter(colours), other)
    if sums.get(worst, 0) < 0:
        lead += f"; what moved them most is {worst} ({_signed(sums[worst] / len(fallen), 0)} on average)"
    words = "Change of the score by part. " + " ".join(
        f"{of['household']} ({of['plan']}, MRR {of['mrr']}): {of['label']}." for of in households
    )
    table = [
        [of["household"], of["plan"], of["mrr"], of["score"], of["label"]]
        + [
            _signed(moved[of["household"]][part], 1) if part in moved[of["household"]] else "unknown"
            for part in colours
        ]
        for of in households
    ]
    columns = ("household", "plan", "MRR", "score now", "change", *colours)
    panel = Panel(words, _sized(chart, 26 * len(fallen) + 50), legend=colours, columns=columns, rows=table)
    reading = (
        "Left of the line: what pulled the score down; right of it: what held against it. The number is the"
        " change of the score, to which the bars add up but for rounding. Compared with the latest Sunday at"
        " least 28 days ago; where two fell alike, the one that pays more comes first."
    )
    return Section(title, lead + ".", [panel], reading)


def _ranking(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    rows = _rows(
        connection,
        """select health_model, horizon_days, population, sample, n, churned, auc, auc_ci_low, auc_ci_high,
            lift_worst_decile, lift_ci_low, lift_ci_high, auc_against_primary, auc_against_primary_ci_low,
            auc_against_primary_ci_high, reason
        from analytics.rpt_health_backtest where sample = 'common'
        order by health_model, horizon_days, population""",
    )
    rates = _rows(
        connection,
        """select population, band, n, left_count as "left", rate, ci_low, ci_high, reason
        from analytics.rpt_health_backtest_bands
        where sample = 'common' and health_model = ? and horizon_days = ? order by population, band""",
        [facts.primary, HORIZON],
    )
    panels = [_auc_panel(rows, population, facts) for population in POPULATIONS]
    highest = max((row["ci_high"] or row["rate"] or 0 for row in rates), default=0)
    panels += [_rates_panel(rates, population, facts, highest) for population in POPULATIONS]
    reading = (
        "AUC is the chance that a customer who left had a lower score than one who stayed: 0.5 is a coin"
        " toss, 1 is perfect. All scorecards are measured on the same rows (customers × score dates where"
        " every score and what came of it are known); lines are 95% intervals by a bootstrap over households,"
        " and where the data do not bear one, words say so."
    )
    return Section("Does the score foretell leaving?", best_scorecard(rows, facts.primary), panels, reading)


def best_scorecard(rows: Iterable[dict], primary: str | None) -> str:
    """Say which scorecard ranks best at 30 days among active customers, and whether it beats the primary one.

    ``rows``: those of ``rpt_health_backtest`` as dicts (AUC 0-1 and ``auc_against_primary`` with intervals,
    None where undefined); only the common sample counts. A difference is more than noise where its 95%
    interval leaves out 0. What is undefined is said with its reason.
    """
    asked = {"horizon_days": HORIZON, "population": "active_7d", "sample": "common"}
    among = [row for row in rows if all(row[key] == value for key, value in asked.items())]
    ranked = sorted(
        (row for row in among if row["auc"] is not None),
        key=lambda row: (-row["auc"], row["health_model"] != primary, row["health_model"]),
    )
    if not ranked:
        why = sorted({row["reason"] for row in among if row["reason"]})
        return f"Which scorecard ranks best cannot be said yet: {', '.join(why) or 'there is no back-test'}."
    best, *others = ranked
    said = (
        f"Best at ranking who leaves within {HORIZON} days, among customers active in the last 7 days, is"
        f" {best['health_model']}: AUC {best['auc']:.2f} ({_interval(best, 'auc', '.2f')}), over"
        f" {best['n']:,} rows of which {best['churned']:,} left."
    )
    compared = best
    whose = f"Its lead over the primary scorecard, {primary},"
    if best["health_model"] == primary:
        if not others:
            return f"{said} It is the primary scorecard, and no other is measured."
        compared = others[0]
        whose = f"It is the primary scorecard; its lead over the next, {compared['health_model']},"
    names = ("auc_against_primary", "auc_against_primary_ci_low", "auc_against_primary_ci_high")
    difference, *ends = (compared[name] for name in names)
    if difference is None:
        return f"{said} {whose} is not known."
    if compared is not best:
        difference, ends = -difference, [None if end is None else -end for end in reversed(ends)]
    whose += f" is {difference:.3f}"
    if None in ends:
        why = compared["reason"] or "there is no interval"
        return f"{said} {whose}; whether that is more than noise cannot be said: {why}."
    low, high = ends
    noise = "more than noise" if low > 0 or high < 0 else "no more than noise"
    return f"{said} {whose} (95% interval {_signed(low, 3)} to {_signed(high, 3)}): {noise}."


def _auc_panel(rows: list[dict], population: str, facts: Facts) -> Panel:
    heading, about = POPULATIONS[population], "How well each scorecard ranks who leaves (AUC)"
    among = [row for row in rows if row["population"] == population]
    known = [row for row in among if row["auc"] is not None]
    if not known:
        return Panel(_no_outcome(among), None, heading, about)
    horizons = sorted({row["horizon_days"] for row in rows})
    names = {row["horizon_days"]: f"{row['horizon_days']} days" for row in rows}
    order = sorted(
        {row["health_model"] for row in among},
        key=lambda name: (-max([r["auc"] for r in known if r["health_model"] == name] or [0]), name),
    )
    spoken = {name: name + (" (primary)" if name == facts.primary else "") for name in order}
    points = [
        {
            "scorecard": spoken[row["health_model"]],
            "horizon": names[row["horizon_days"]],
            "auc": row["auc"],
            "low": row["auc_ci_low"],
            "high": row["auc_ci_high"],
            "start": row["auc"] if row["auc_ci_low"] is None else row["auc_ci_low"],
            "interval": _interval(row, "auc", ".3f"),
            "n": row["n"],
            "left": row["churned"],
            "label": f"{row['auc']:.2f}",
        }
        for row in known
    ]
    low_ends = [row[name] for row in rows for name in ("auc", "auc_ci_low") if row[name] is not None]
    lowest = min([0.5, *low_ends])
    scale = alt.Scale(domain=[max(lowest - 0.07, 0), 1], nice=False, zero=False)
    listed = [names[horizon] for horizon in horizons]
    base = alt.Chart(_data(points)).encode(
        y=alt.Y(
            "scorecard:N",
            sort=[spoken[name] for name in order],
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=140, labelPadding=8),
            scale=alt.Scale(paddingInner=0.35, paddingOuter=0.15),
        ),
        yOffset=alt.YOffset("horizon:N", sort=listed),
        color=_colour("horizon", dict(zip(listed, HORIZONS, strict=False))),
    )
    chart = alt.layer(
        alt.Chart(_data([{"chance": 0.5}])).mark_rule(color=GREY, strokeDash=[5, 4]).encode(x="chance:Q"),
        base.mark_rule(strokeWidth=2).encode(x=_q("low"), x2="high"),
        base.mark_text(align="right", dx=-7, fontSize=11).encode(x=_q("start"), text="label:N"),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("auc:Q", title="AUC", scale=scale, axis=alt.Axis(format=".1f", tickCount=6)),
            shape=alt.Shape(
                "horizon:N", scale=alt.Scale(domain=listed, range=list(SHAPES[: len(listed)])), legend=None
            ),
            tooltip=[
                alt.Tooltip("scorecard:N"),
                alt.Tooltip("horizon:N", title="leaves within"),
                alt.Tooltip("auc:Q", title="AUC", format=".3f"),
                alt.Tooltip("interval:N", title="precision"),
                _count("n", "rows"),
                _count("left", "of them left"),
            ],
        ),
    )
    withheld = [
        f"{spoken[row['health_model']]} at {names[row['horizon_days']]}: {row['reason']}"
        for row in among
        if row["auc"] is None or row["auc_ci_low"] is None
    ]
    words = f"AUC per scorecard and horizon among {POPULATIONS[population].lower()}; dashed line: chance. "
    words += " ".join(f"{p['scorecard']}, {p['horizon']}: {p['label']} ({p['interval']})." for p in points)
    words += f" Withheld: {'; '.join(withheld)}." if withheld else ""
    table = [
        [
            row["health_model"],
            names[row["horizon_days"]],
            row["n"],
            row["churned"],
            "unknown" if row["auc"] is None else f"{row['auc']:.3f}",
            _interval(row, "auc", ".3f"),
            "unknown" if row["lift_worst_decile"] is None else f"{row['lift_worst_decile']:.2f}",
            _interval(row, "lift", ".2f"),
        ]
        for row in among
    ]
    columns = ("scorecard", "horizon", "rows", "left", "AUC", "precision", "lift of worst tenth", "precision")
    legend = {f"{SYMBOLS[place]} within {name}": HORIZONS[place] for place, name in enumerate(listed)}
    return Panel(words, _sized(chart, 72 * len(order) + 50), heading, about, legend, columns, table)


SYMBOLS = ("●", "■", "▲", "◆")


def _rates_panel(rates: list[dict], population: str, facts: Facts, highest: float) -> Panel:
    of = f" of {facts.primary}" if facts.primary else ""
    heading, about = POPULATIONS[population], f"Share that leaves within {HORIZON} days, per band{of}"
    found = {row["band"]: row for row in rates if row["population"] == population}
    if not any(row["left"] for row in found.values()):
        return Panel(_no_outcome(list(found.values())), None, heading, about)
    colours = facts.band_colours
    order = [band for band, _ in facts.bands if band in found]
    bars = []
    for band in order:
        row = found[band]
        bars.append({"band": band, "rate": row["rate"], "low": row["ci_low"], "high": row["ci_high"]})
        bars[-1] |= {"n": row["n"], "left": row["left"], "interval": _interval(row, None, ".1%")}
        *above, beside = said = _said_rate(row)
        bars[-1] |= {"said": said, "above": "".join(above), "beside": beside}
    base = alt.Chart(_data(bars)).encode(y=alt.Y("band:N", sort=order, axis=None))
    tooltip = [
        alt.Tooltip("band:N"),
        alt.Tooltip("rate:Q", title="left", format=".2%"),
        alt.Tooltip("interval:N", title="precision"),
        _count("n", "rows"),
        _count("left", "of them left"),
    ]
    share = alt.X(
        "rate:Q",
        title=f"share that leaves within {HORIZON} days",
        axis=alt.Axis(format="%", tickCount=5),
        scale=alt.Scale(domain=[0, highest * 1.02]),
    )
    halo = base.mark_rule(color="white", strokeWidth=5, yOffset=16)
    whisker = base.mark_rule(color=INK, strokeWidth=1.6, yOffset=16)
    ends = base.mark_tick(color=INK, thickness=1.6, size=10, yOffset=16)
    chart = alt.layer(
        base.mark_bar(height=16, yOffset=16).encode(x=share, color=_colour("band", colours), tooltip=tooltip),
        halo.encode(x=_q("low"), x2="high"),
        whisker.encode(x=_q("low"), x2="high"),
        ends.encode(x=_q("low")),
        ends.encode(x=_q("high")),
        *(
            base.mark_text(align="left", baseline="bottom", dy=lower, color=INK).encode(
                x=alt.value(0), text=f"{line}:N"
            )
            for line, lower in (("above", -11), ("beside", 4))
        ),
    )
    words = f"{about}. {heading}: " + " ".join(f"{', '.join(bar['said'])}." for bar in bars)
    table = [
        [
            band,
            found[band]["n"],
            found[band]["left"],
            "unknown" if found[band]["rate"] is None else f"{found[band]['rate']:.2%}",
            _interval(found[band], None, ".2%"),
        ]
        for band in order
    ]
    columns = ("band", "rows", "left", "share", "precision")
    return Panel(words, _sized(chart, 62 * len(order) + 40), heading, about, columns=columns, rows=table)


def _said_rate(row: dict) -> list[str]:
    """One line of text, and a second where something is withheld."""
    if row["rate"] is None:
        return [f"{row['band']}: unknown", str(row["reason"])]
    said = f"{row['band']}: {_percent(row['rate'])} ({row['left']:,} of {row['n']:,})"
    return [said] if row["ci_low"] is not None else [said, f"no interval: {row['reason']}"]


def _alerts(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    # A week ends on Sunday; alerts of another as_of_date are not those of a whole week.
    weeks = {
        row["score_date"]: row["n"]
        for row in _rows(
            connection,
            """select score_date, count(*) as n from analytics.fct_customer_health
            where dayofweek(score_date) = 0 group by score_date order by score_date""",
        )
    }
    title = "Alerts per week"
    if not weeks:
        return Section(title, "", [Panel("No week with customers has ended yet: no alerts to count.")])
    panels, said = [], []
    for table, (name, heading, verb) in ALERTS.items():
        rows = _rows(
            connection,
            f"""select score_date, {name} as kind, severity, count(*) as alerts from analytics.{table}
            where dayofweek(score_date) = 0 group by all order by all""",
        )
        rows = [row for row in rows if row["score_date"] in weeks]
        panels.append(_alerts_panel(rows, weeks, heading, verb))
        of_week = dict.fromkeys(weeks, 0)
        for row in rows:
            of_week[row["score_date"]] += row["alerts"]
        *before, now = of_week.values()
        said.append(f"{now:,} {heading.lower() if now != 1 else heading.lower()[:-1]}")
        if before[-12:]:
            mean = sum(before[-12:]) / len(before[-12:])
            said[-1] += f" ({mean:,.0f} a week in the {_number_of_weeks(len(before[-12:]))} before)"
    lead = f"The week to {list(weeks)[-1]} has {said[0]} and {said[1]}."
    reading = (
        "Trend alerts compare 30 days with the 30 before and count in each week in which they hold. Health"
        " alerts count once, when the score drops or the grade enters the range at risk."
    )
    return Section(title, lead, panels, reading)


def _alerts_panel(rows: list[dict], weeks: dict[date, int], heading: str, verb: str) -> Panel:
    if not rows:
        return Panel(f"No {heading[:-1].lower()} in {_number_of_weeks(len(weeks))}.", heading=heading)
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["kind"]] = sums.get(row["kind"], 0) + row["alerts"]
    said = {row["kind"]: f"{_spoken(row['kind'])} {verb}".strip() + f" ({row['severity']})" for row in rows}
    kinds = {kind: said[kind] for kind in sorted(sums, key=lambda kind: (-sums[kind], kind))}
    counts = {day: dict.fromkeys(kinds, 0) for day in weeks}
    for row in rows:
        counts[row["score_date"]][row["kind"]] += row["alerts"]
    colours = dict(zip(kinds.values(), PARTS, strict=False))
    bars = []
    for day, of in counts.items():
        top = 0
        for kind, alerts in of.items():
            week = {"from": day - timedelta(days=7), "score_date": day, "n": weeks[day]}
            week |= {"kind": kinds[kind], "alerts": alerts, "rate": 100 * alerts / weeks[day]}
            bars.append(week | {"low": top, "high": top + alerts})
            top += alerts
    chart = (
        alt.Chart(_data(bars))
        .mark_rect(stroke="white", strokeWidth=0.5)
        .encode(
            x=_time("from"),
            x2="score_date",
            y=alt.Y("high:Q", title="alerts"),
            y2="low",
            color=_colour("kind", colours),
            tooltip=[
                _day("score_date", "week to"),
                alt.Tooltip("kind:N", title="alert"),
                _count("alerts", "alerts"),
                alt.Tooltip("rate:Q", title="per 100 customers", format=".1f"),
                _count("n", "customers"),
            ],
        )
    )
    words = f"{heading} per week over {_number_of_weeks(len(weeks))}; in all " + _listed(
        [f"{sums[kind]:,} × {words}" for kind, words in kinds.items()]
    )
    table = [[day, weeks[day], *of.values()] for day, of in counts.items()]
    columns = ("week to", "customers", *kinds.values())
    return Panel(words + ".", _sized(chart, 220), heading, "", colours, columns, table)


# Marks and words ---------------------------------------------------------------


def _data(rows: Iterable[dict]) -> alt.InlineData:
    """Inline data; a day becomes midnight without a zone, which a browser reads as its own midnight."""
    plain = [
        {key: f"{value}T00:00:00" if isinstance(value, date) else value for key, value in row.items()}
        for row in rows
    ]
    return alt.InlineData(values=plain)


def _q(name: str) -> str:
    return f"{name}:Q"


def _time(name: str = "score_date") -> alt.X:
    axis = alt.Axis(
        format="%b %Y",
        tickCount={"interval": "month", "step": 3},
        grid=False,
    )
    return alt.X(f"{name}:T", title=None, axis=axis)


def _day(name: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:T", title=title, format="%Y-%m-%d")


def _count(name: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:Q", title=title, format=",")


def _colour(name: str, colours: dict[str, str]) -> alt.Color:
    """Colours by value; the legend stands in HTML beside the chart, where it wraps on a narrow screen."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{name}:N", scale=scale, legend=None)


def _hover(rows: list[dict], tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    """A line under the pointer at the nearest date, with what is known of it."""
    near = alt.selection_point(
        name="near", fields=["score_date"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    base = alt.Chart(_data(rows)).encode(x=_time())
    seen = alt.condition(near, alt.value(0.7), alt.value(0))
    line = base.mark_rule(color=INK, strokeWidth=1).encode(opacity=seen)
    target = base.mark_rule(opacity=0, strokeWidth=8).encode(tooltip=tooltip)
    return [line, target.properties(name="dates").add_params(near)]


def _band_lines(facts: Facts) -> list[alt.Chart]:
    """Where each band begins, and its name beside the chart at its middle."""
    tops = [100, *(lowest for _, lowest in facts.bands)]
    bands = [
        {"from": lowest, "middle": (lowest + top) / 2, "band": band}
        for (band, lowest), top in zip(facts.bands, tops, strict=False)
    ]
    if not bands:
        return []
    begins = alt.Chart(_data([band for band in bands if band["from"] > 0])).encode(y="from:Q")
    names = alt.Chart(_data(bands)).encode(y="middle:Q", x=alt.value("width"), text="band:N")
    return [
        begins.mark_rule(color=GREY, strokeDash=[3, 4], opacity=0.7),
        names.mark_text(align="left", baseline="middle", dx=7, color=GREY, fontSize=12),
    ]


def _sized(chart: alt.TopLevelMixin, height: int) -> alt.TopLevelMixin:
    return chart.properties(width="container", height=height)


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _percent(share: float) -> str:
    """A share as per cent with as many digits as it takes to tell a small one from none."""
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share:.1%}" if share < 0.0995 and share else f"{share:.0%}"


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _money(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.2f}"


def _interval(row: dict, measure: str | None, form: str) -> str:
    low, high = (row[f"{measure}_ci_{end}" if measure else f"ci_{end}"] for end in ("low", "high"))
    if low is None or high is None:
        return f"interval withheld: {row['reason']}"
    return f"95% interval {low:{form}} to {high:{form}}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _number_of_weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weeks"


def _nobody(rows: list) -> str:
    return "No score of any customer is known." if rows else "No customer has been scored yet."


def _no_outcome(rows: list[dict]) -> str:
    """Why there is nothing to measure, from the rows that say so."""
    if not rows:
        return "There is no back-test yet: of no score is it known what came of it."
    why = sorted({row["reason"] for row in rows if row["reason"]} - {"no rows"}) or ["no outcome is known"]
    return f"Nothing to measure yet: {', '.join(why)}."


# The document ------------------------------------------------------------------

CONFIG = {
    "font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY,
        "labelFontSize": 12,
        "titleColor": GREY,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
    },
    "axisX": {"tickCount": 6, "labelFlush": False, "labelOverlap": "greedy", "labelSeparation": 10},
    "text": {"fontSize": 12},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
}

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: #f4f6f8; color: {INK};
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }}
header, main, footer {{ max-width: 1120px; margin: 0 auto; padding: 0 20px; }}
header {{ padding-top: 32px; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 16px; letter-spacing: -0.01em; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; margin: 0 0 4px; }}
h3 {{ font-size: 0.95rem; line-height: 1.35; margin: 0 0 8px; }}
h3 small {{ display: block; font-size: 0.9rem; font-weight: normal; color: {GREY}; }}
.synthetic {{ background: #ffe08a; border: 2px solid {INK}; border-radius: 8px; margin: 0 0 20px;
  padding: 12px 16px; }}
.synthetic strong {{ letter-spacing: 0.08em; }}
dl {{ display: flex; flex-wrap: wrap; gap: 8px 40px; margin: 0 0 24px; }}
dt {{ color: {GREY}; font-size: 0.85rem; }}
dd {{ margin: 0; font-size: 1.35rem; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }}
section {{ background: white; border: 1px solid {LINE}; border-radius: 10px; margin: 0 0 20px;
  padding: 24px; }}
.lead {{ font-size: 1.05rem; margin: 0 0 16px; max-width: 80ch; text-wrap: pretty; }}
.reading {{ color: {GREY}; font-size: 0.9rem; margin: 16px 0 0; max-width: 95ch; text-wrap: pretty; }}
.panels {{ display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px 36px; }}
@media (min-width: 860px) {{
  .panels.two {{ grid-template-columns: repeat(2, minmax(0, 1fr)); grid-auto-rows: auto; row-gap: 0; }}
  .panels.two > * {{ display: grid; grid-template-rows: subgrid; grid-row: span 4; margin-bottom: 28px; }}
  .panels.two > :nth-last-child(-n + 2) {{ margin-bottom: 0; }}
  .panels.two h3 {{ grid-row: 1; }}
  .panels.two .legend {{ grid-row: 2; }}
  .panels.two .chart, .panels.two .none {{ grid-row: 3; align-self: start; }}
  .panels.two details {{ grid-row: 4; }}
}}
figure {{ margin: 0; }}
.chart {{ width: 100%; }}
.chart.vega-embed {{ display: block; padding: 0; }}
.legend {{ list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 8px; padding: 0;
  font-size: 0.9rem; }}
.legend i {{ display: inline-block; width: 0.85em; height: 0.85em; border-radius: 2px; margin-right: 7px;
  vertical-align: -0.06em; }}
.none {{ background: #f4f6f8; border-left: 4px solid {UNKNOWN}; margin: 0; padding: 12px 16px; }}
details {{ margin-top: 8px; font-size: 0.85rem; color: {GREY}; }}
summary {{ cursor: pointer; width: fit-content; }}
summary:focus-visible {{ outline: 2px solid {SCORE}; outline-offset: 2px; }}
.scroll {{ overflow: auto; max-height: 340px; margin-top: 8px; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; color: {INK}; }}
th, td {{ text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid {LINE}; white-space: nowrap; }}
td.number {{ text-align: right; }}
#vg-tooltip-element {{ font-size: 13px; color: {INK}; }}
footer {{ color: {GREY}; font-size: 0.85rem; padding-bottom: 32px; }}
@media (max-width: 600px) {{
  header, main, footer {{ padding-left: 12px; padding-right: 12px; }}
  section {{ padding: 16px 14px; }}
  h1 {{ font-size: 1.6rem; }}
}}
@media print {{
  body {{ background: white; }}
  section {{ break-inside: avoid; }}
  details {{ display: none; }}
}}
"""

# Vega compiles expressions, hence 'unsafe-eval'; all else, any address included, is forbidden.
POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'"

DRAW = """
(function () {
  var specs = JSON.parse(document.getElementById("specs").textContent);
  Object.keys(specs).forEach(function (id) {
    var place = document.getElementById(id);
    vegaEmbed(place, specs[id], {actions: false, renderer: "svg"}).catch(function (error) {
      place.textContent = "This chart cannot be drawn: " + error.message;
    });
  });
})();
"""


def _document(facts: Facts, sections: list[Section]) -> str:
    specs: dict[str, dict] = {}
    body = "\n".join(_section_html(section, number, specs) for number, section in enumerate(sections, 1))
    draw = ""
    if specs:
        library = vl_convert.javascript_bundle(vl_version=vl_version_for_vl_convert())
        library = library.replace("</script", "<\\/script")
        draw = (
            f'<script type="application/json" id="specs">{_script_json(specs)}</script>\n'
            f"<script>{library}</script>\n<script>{DRAW}</script>\n"
        )
    as_of = facts.as_of_date or "unknown"
    known = [
        ("as of", as_of),
        ("customers", f"{facts.customers:,}"),
        ("primary scorecard", facts.primary or "unknown: nobody has been scored"),
    ]
    title = f"Customer health as of {as_of}" + (" (synthetic data)" if facts.synthetic else "")
    head = "".join(f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in known)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>Customer health</h1>
{_synthetic_html(facts)}<dl>{head}</dl>
</header>
<main>
<noscript><p class="none">The charts need JavaScript; the tables below them do not.</p></noscript>
{body}
</main>
<footer><p>Everything on this page is from the tables of one build; nothing is fetched. What is not known is
said to be unknown and counts as nothing else.</p></footer>
{draw}</body>
</html>
"""


def _synthetic_html(facts: Facts) -> str:
    if not facts.synthetic:
        return ""
    whose = "These data are" if facts.synthetic == facts.households else f"{facts.synthetic:,} households are"
    return (
        f'<p class="synthetic" role="note"><strong>SYNTHETIC</strong> {whose} simulated: nobody in them'
        " exists, and no figure on this page says anything about real customers.</p>\n"
    )


def _section_html(section: Section, number: int, specs: dict[str, dict]) -> str:
    panels = "\n".join(
        _panel_html(panel, f"chart-{number}-{place}", specs) for place, panel in enumerate(section.panels, 1)
    )
    lead = f'<p class="lead">{_text(section.lead)}</p>\n' if section.lead else ""
    reading = f'\n<p class="reading">{_text(section.how_to_read)}</p>' if section.how_to_read else ""
    two = " two" if len(section.panels) > 1 else ""
    return (
        f'<section aria-labelledby="section-{number}">\n'
        f'<h2 id="section-{number}">{_text(section.title)}</h2>\n{lead}'
        f'<div class="panels{two}">\n{panels}\n</div>{reading}\n</section>'
    )


def _panel_html(panel: Panel, name: str, specs: dict[str, dict]) -> str:
    about = f" <small>{_text(panel.about)}</small>" if panel.about else ""
    heading = f"<h3>{_text(panel.heading)}{about}</h3>\n" if panel.heading else ""
    if panel.chart is None:
        return f'<div>{heading}<p class="none">{_text(panel.words)}</p></div>'
    # Checking a chart against the schema takes longer than all else; the tests draw each chart instead.
    chart = panel.chart.properties(description=panel.words).configure(**CONFIG)
    specs[name] = chart.to_dict(validate=False)
    legend = "".join(_legend_html(label, colour) for label, colour in panel.legend.items())
    legend = f'<ul class="legend">{legend}</ul>\n' if legend else ""
    head = "".join(f'<th scope="col">{_text(column)}</th>' for column in panel.columns)
    rows = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in panel.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f"<figure>\n{heading}{legend}"
        f'<div class="chart" id="{name}" role="img" aria-label="{_text(panel.words)}"></div>\n'
        f'<details><summary>Figures as a table</summary>\n<div class="scroll" tabindex="0">{table}</div>\n'
        "</details>\n</figure>"
    )


def _legend_html(label: str, colour: str) -> str:
    """A swatch, or, where the label begins with the symbol of a mark, that symbol in its colour."""
    if label[0] in SYMBOLS:
        return f'<li><span aria-hidden="true" style="color:{colour}">{label[0]}</span>{_text(label[1:])}</li>'
    return f'<li><i style="background:{colour}"></i>{_text(label)}</li>'


def _cell_html(value: object) -> str:
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    if isinstance(value, float):
        return f'<td class="number">{value:g}</td>'
    return f"<td>{_text('unknown' if value is None else value)}</td>"


def _text(value: object) -> str:
    return escape(str(value), quote=True)


def _script_json(value: object) -> str:
    """JSON that can stand in a script element: nothing in it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def main(arguments: list[str] | None = None) -> int:
    """Write the page that the command line asks for; 1 and one message where that cannot be done."""
    parser = argparse.ArgumentParser(prog="customer_success.health.page", description=__doc__.split("\n")[0])
    default = os.environ.get("CS_DATABASE", "warehouse/working.duckdb")
    parser.add_argument("--database", type=Path, default=Path(default), help="database of a finished build")
    parser.add_argument("--out", type=Path, default=Path("build/reports/health.html"), help="file to write")
    told = parser.parse_args(arguments)
    try:
        written = render(told.database, told.out)
    except (FileNotFoundError, duckdb.CatalogException, duckdb.BinderException) as problem:
        print(f"No page: {problem}\nBuild the project first (make build).", file=sys.stderr)
        return 1
    except (OSError, duckdb.Error) as problem:
        print(f"No page: {problem}", file=sys.stderr)
        return 1
    print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
