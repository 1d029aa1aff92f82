"""Portfolios of the customer success managers, and customers without one."""

from __future__ import annotations

import altair as alt
import duckdb

from customer_success.pages import Panel, Section, rows_of
from customer_success.pages.bars import bars_by_name
from customer_success.pages.charts import colour, count_tooltip, data, sized
from customer_success.pages.style import ACCENT, INK, PALETTE
from customer_success.pages.words import counted, known, money, percent, spoken

from .facts import Facts

SHOWN = 40  # managers in the chart; the table has all
PARTS = {"at risk": PALETTE[5], "others": ACCENT}
FIGURES = (
    "customers",
    "at_risk",
    "critical",
    "engagement_high",
    "engagement_medium",
    "engagement_low",
    "engagement_unknown",
    "renewals_90d",
    "overdue_follow_ups",
    "portfolio_size",
)
COLUMNS = (
    "manager",
    "customers",
    "at risk",
    "critical",
    "engagement high",
    "medium",
    "low",
    "unknown",
    "renewals in {days}",
    "overdue follow-ups",
    "portfolio size",
    "utilization",
    "MRR",
    "mean health",
    "mean engagement",
)


def portfolios(connection: duckdb.DuckDBPyConnection, facts: Facts) -> Section:
    """Customers by manager against the size of the portfolio, and how customers are assigned."""
    title = "Portfolios"
    owners = rows_of(
        connection, "select * from analytics.rpt_csm_portfolio order by customers desc, owner_id"
    )
    assigned = rows_of(
        connection,
        """select assignment, reason, count(*) as n from analytics.fct_csm_assignments
        group by all order by n desc, reason""",
    )
    panels = [_portfolios(owners, facts), _assignments(assigned)]
    nobody = sum(row["n"] for row in assigned if row["assignment"] == "unassigned")
    lead = f"No manager is found for {counted(nobody, 'customer')}." if nobody else ""
    reading = (
        "Customers on Free are looked after by automated customer success. Tick: size of the portfolio, where"
        " it is known. A sum of MRR is unknown where one customer's is."
    )
    return Section(title, lead, panels, reading)


def _assignments(rows: list[dict]) -> Panel:
    heading = "How customers were assigned"
    if not rows:
        return Panel("There is no customer to assign.", heading=heading)
    bars = [{"name": spoken(row["reason"]), "part": spoken(row["assignment"]), "n": row["n"]} for row in rows]
    parts = {
        "keeps owner": ACCENT,
        "assigned": PALETTE[2],
        "automated cs": PALETTE[4],
        "unassigned": PALETTE[5],
    }
    return bars_by_name(bars, parts, "customers", heading, "By reason")


def _portfolios(owners: list[dict], facts: Facts) -> Panel:
    heading = "Portfolios"
    if not owners:
        return Panel("The CRM has no owner.", heading=heading)
    shown = owners[:SHOWN]
    bars = [
        row | {"part": part, "place": place, "n": n}
        for row in shown
        for place, (part, n) in enumerate(
            [("at risk", row["at_risk"]), ("others", row["customers"] - row["at_risk"])]
        )
    ]
    axis = alt.Axis(domain=False, ticks=False, labelLimit=140, labelPadding=8)
    y = alt.Y("owner_id:N", sort=[row["owner_id"] for row in shown], title=None, axis=axis)
    tooltip = [
        alt.Tooltip("owner_id:N", title="manager"),
        count_tooltip("customers", "customers"),
        count_tooltip("at_risk", "at risk"),
        count_tooltip("portfolio_size", "portfolio size"),
    ]
    x = alt.X("n:Q", title="customers", stack="zero", axis=alt.Axis(tickMinStep=1))
    chart = alt.layer(
        alt.Chart(data(bars))
        .mark_bar(height={"band": 0.65})
        .encode(y=y, x=x, color=colour("part", PARTS), order=alt.Order("place:Q"), tooltip=tooltip),
        alt.Chart(data(shown))
        .mark_tick(color=INK, thickness=2, height={"band": 0.85})
        .encode(y=y, x="portfolio_size:Q", tooltip=tooltip),
    )
    about = "" if len(shown) == len(owners) else f"The {SHOWN} with most customers of {len(owners)}"
    words = "Customers by manager: " + ", ".join(
        f"{row['owner_id']} {row['customers']:,}, {row['at_risk']:,} of them at risk" for row in shown
    )
    days = counted(facts.vars["portfolio_renewal_days"], "day")
    columns = [column.format(days=days) for column in COLUMNS]
    chart = sized(chart, 26 * len(shown) + 12)
    return Panel(words + ".", chart, heading, about, PARTS, columns, [*map(_line, owners)])


def _line(row: dict) -> list:
    return [
        row["owner_id"],
        *(row[name] for name in FIGURES),
        known(row["utilization"], percent),
        money(row["mrr"]),
        *(known(row[name], ".1f") for name in ("avg_health_score", "avg_engagement_score")),
    ]
