"""The marts of ``by_rules`` for the drawn households, as relations to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

import duckdb
import pandas as pd

from customer_success.recount.households.facts import Home, World, as_date

from . import by_rules
from .held import Held

Rows = Callable[[Home, int, World], Iterator[dict]]
OURS = "household_id in (select household_id from drawn_homes)"
FACTORS = """(
    select household_id, unnest(
        from_json(
            risk_factors,
            '[{"type": "VARCHAR", "severity": "VARCHAR", "description": "VARCHAR", "impact": "DOUBLE"}]'
        ),
        recursive := true
    )
    from analytics.fct_churn_severity
)"""
MISSING = """(
    select * replace (list_sort(string_split(missing_features, ', ')) as missing_features)
    from analytics.rpt_premium_adoption_risk
)"""
EMOTIONS = "(select * replace (list_sort(emotions) as emotions) from analytics.fct_message_sentiment)"


class DrawnMart(NamedTuple):
    """A mart, the function of its rows, and the rest of its key.

    ``dated``: one score date per row; ``customers``: only of households that are customers at the date.
    ``shown``: the relation to compare; left out: the mart.
    """

    mart: str
    rows: Rows
    key: tuple[str, ...] = ()
    dated: bool = False
    customers: bool = True
    shown: str = ""


def drawn_marts(
    connection: duckdb.DuckDBPyConnection,
    world: World,
    dates: Iterable[int],
    variables: Mapping[str, object],
) -> Iterator[Held]:
    """Make the rows of each mart; registers a relation per mart in the connection."""
    dates = list(dates)
    for one in _marts(variables):
        rows = [
            {"household_id": home.id, **({"score_date": as_date(d)} if one.dated else {}), **_plain(row)}
            for home in world.homes.values()
            for d in (dates if one.dated else [world.as_of])
            if home.is_customer(d) or not one.customers
            for row in one.rows(home, d, world)
        ]
        yield _held(connection, one, rows, dates)


def _marts(variables: Mapping[str, object]) -> tuple[DrawnMart, ...]:
    alerts = by_rules.sentiment_alerts(variables)
    return (
        DrawnMart("fct_retention_health", by_rules.retention_trend, dated=True),
        DrawnMart("fct_churn_risk", by_rules.churn_risk, dated=True),
        DrawnMart("fct_churn_signals", by_rules.churn_signals, ("signal",), dated=True),
        DrawnMart("fct_trend_alerts", by_rules.trend_alerts, ("metric",), dated=True),
        DrawnMart("fct_churn_severity", by_rules.risk_factors, ("type",), shown=FACTORS),
        DrawnMart("fct_health_findings", by_rules.findings, ("finding", "part")),
        DrawnMart("fct_customer_profiles", by_rules.profile),
        DrawnMart("rpt_premium_adoption_risk", by_rules.premium_risk, shown=MISSING),
        DrawnMart("fct_communication_decay", by_rules.decay(variables)),
        DrawnMart(
            "fct_message_sentiment", by_rules.messages, ("message_id",), customers=False, shown=EMOTIONS
        ),
        DrawnMart("fct_sentiment_alerts", alerts, ("alert", "detected_on"), customers=False),
    )


def _held(connection: duckdb.DuckDBPyConnection, one: DrawnMart, rows: list[dict], dates: list[int]) -> Held:
    name = f"drawn_{one.mart}"
    key = ("household_id", *(("score_date",) if one.dated else ()), *one.key)
    relation = one.shown or f"analytics.{one.mart}"
    expected, where = f"select * from {relation} where false", OURS
    if rows:
        connection.register(name, pd.DataFrame(rows).astype(object))
        expected = f"select * from {name}"
    if one.mart == "fct_churn_severity":  # customers without a prediction have no row
        expected = (
            f"from ({expected}) where household_id in (select household_id from analytics.fct_churn_severity)"
        )
    if one.dated:
        listed = ", ".join(f"date '{as_date(d)}'" for d in dates)
        where += f" and score_date in ({listed})"
    return Held(one.mart, key, expected, where=where, shown=one.shown)


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: float(value) if isinstance(value, Fraction) else value for name, value in row.items()}
