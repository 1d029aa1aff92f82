"""The customers whose score fell most, and what moved it."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.charts import colour, data, sized
from customer_success.pages.style import INK, PALETTE, UNKNOWN
from customer_success.pages.words import money, signed, spoken

from .facts import Facts

MOVERS = 15
# The remainder: a part that became known or unknown changes the weights of the others.
OTHER = "parts that became known or unknown"
READING = (
    "Left of the line: what pulled the score down; right of it: what pulled it up. The number is the"
    " change of the score, the sum of the bars up to rounding. Compared with the latest Sunday at"
    " least {days} days ago; among equal falls the household that pays more comes first."
)
ABOUT = [
    alt.Tooltip(f"{name}:N", title=text)
    for name, text in [
        ("household", "household"),
        ("plan", "plan"),
        ("mrr", "MRR"),
        ("score", "score now"),
        ("label", "change of the score"),
    ]
]
Moved = dict[str, dict[str, float]]  # points by household and part


def movers(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """The largest falls of the score since the score date that its trend compares with, part by part."""
    fallen = rows_of(
        connection,
        f"""select household_id, health_score, score_change_28d as change, plan_type, mrr
        from analytics.fct_customer_health where is_current and score_change_28d < 0
        order by score_change_28d, mrr desc nulls last, household_id limit {MOVERS}""",
    )
    title = f"The largest falls in the last {facts.trend_days} days"
    if not fallen:
        return Section(title, "", [Panel(_without_falls(connection))])
    moved = _moved(connection, fallen)
    sums: dict[str, float] = {}
    for parts in moved.values():
        for part, points in parts.items():
            sums[part] = sums.get(part, 0) + points
    colours = _colours(sums)
    households = [_household(place, row, moved[row["household_id"]]) for place, row in enumerate(fallen)]
    words = "Change of the score by part. " + " ".join(
        f"{of['household']} ({of['plan']}, MRR {of['mrr']}): {of['label']}." for of in households
    )
    columns = ("household", "plan", "MRR", "score now", "change", *colours)
    chart = sized(_chart(households, moved, colours), 26 * len(fallen) + 50)
    table = _table(households, moved, colours)
    panel = Panel(words, chart, legend=colours, columns=columns, rows=table)
    reading = READING.format(days=facts.trend_days)
    return Section(title, _lead(fallen, sums, next(iter(colours), OTHER)), [panel], reading)


def _without_falls(connection: duckdb.DuckDBPyConnection) -> str:
    past = rows_of(
        connection,
        "select count(score_change_28d) as n from analytics.fct_customer_health where is_current",
    )
    return "No customer's score has fallen." if past[0]["n"] else "No customer has a score to compare with."


def _moved(connection: duckdb.DuckDBPyConnection, fallen: list[dict]) -> Moved:
    """Return by how many points each part moved the score of each household, and the remainder."""
    drivers = rows_of(
        connection,
        """select household_id, part, points_moved from analytics.fct_health_drivers
        where points_moved is not null and list_contains(?, household_id) order by household_id, part""",
        [[row["household_id"] for row in fallen]],
    )
    moved: Moved = {row["household_id"]: {} for row in fallen}
    for row in drivers:
        moved[row["household_id"]][spoken(row["part"])] = row["points_moved"]
    for row in fallen:
        rest = row["change"] - sum(moved[row["household_id"]].values())
        if abs(rest) > 1:
            moved[row["household_id"]][OTHER] = rest
    return moved


def _colours(sums: dict[str, float]) -> dict[str, str]:
    """A part keeps its colour from build to build; the largest loss is next to the line."""
    colours = {part: PALETTE[place % len(PALETTE)] for place, part in enumerate(sorted(sums))}
    colours |= {OTHER: UNKNOWN} if OTHER in sums else {}
    return {part: colours[part] for part in sorted(sums, key=lambda part: (sums[part], part))}


def _household(place: int, row: dict, parts: dict[str, float]) -> dict:
    return {
        "place": place,
        "household": row["household_id"],
        "plan": row["plan_type"] or "unknown",
        "mrr": money(row["mrr"]),
        "score": "unknown" if row["health_score"] is None else str(row["health_score"]),
        "change": row["change"],
        "label": signed(row["change"], 0),
        "lowest": sum(points for points in parts.values() if points < 0),
    }


def _chart(households: list[dict], moved: Moved, colours: dict[str, str]) -> alt.LayerChart:
    """Draw a bar per household, stacked by part."""
    bars = [
        of | {"part": part, "points": points, "order": list(colours).index(part)}
        for of in households
        for part, points in moved[of["household"]].items()
    ]
    rank = alt.Y(
        "household:N",
        sort=[of["household"] for of in households],
        title=None,
        axis=alt.Axis(labelLimit=130, domain=False, ticks=False, labelPadding=8),
    )
    low = min([of[name] for of in households for name in ("lowest", "change")])
    high = max([sum(points for points in of.values() if points > 0) for of in moved.values()] + [0])
    scale = alt.Scale(domain=[low * 1.2 - 1, high + 1], nice=False)
    base = alt.Chart(data(households)).encode(y=rank)
    return alt.layer(
        alt.Chart(data(bars))
        .mark_bar(height={"band": 0.68}, stroke="white", strokeWidth=0.7)
        .encode(
            y=rank,
            x=alt.X("points:Q", title="points moved", scale=scale),
            color=colour("part", colours),
            order=alt.Order("order:Q"),
            tooltip=[
                *ABOUT,
                alt.Tooltip("part:N", title="part"),
                alt.Tooltip("points:Q", title="points moved by it", format="+.1f"),
            ],
        ),
        alt.Chart(data([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q"),
        base.mark_text(align="right", dx=-6, fontWeight=700, color=INK, fontSize=12).encode(
            x="lowest:Q", text="label:N", tooltip=ABOUT
        ),
    )


def _lead(fallen: list[dict], sums: dict[str, float], worst: str) -> str:
    smallest, largest = -fallen[-1]["change"], -fallen[0]["change"]
    lead = f"One customer fell, by {largest} points"
    if len(fallen) > 1:
        lead = f"The {len(fallen)} largest falls are of {smallest} to {largest} points"
    if sums.get(worst, 0) < 0:
        lead += f"; the largest cause is {worst} ({signed(sums[worst] / len(fallen), 0)} on average)"
    return lead + "."


def _table(households: list[dict], moved: Moved, colours: dict[str, str]) -> list[list[str]]:
    return [
        [of["household"], of["plan"], of["mrr"], of["score"], of["label"]]
        + [
            signed(moved[of["household"]][part], 1) if part in moved[of["household"]] else "unknown"
            for part in colours
        ]
        for of in households
    ]
