"""Counts every metric from the kept raw rows, household by household, and sums it up by segment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from .definitions import ACTIVITY, COMMENTS, FAMILIES, METRICS, OF_NEW, WITH_PLAN, Metric
from .rules import Rules

SQL = Path(__file__).with_name("sql")


def bill(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Create the schema `recount` with its households and the days on which subscriptions are in force."""
    connection.execute("create schema recount")
    rules.write(connection)
    for file in sorted([*SQL.glob("00_*.sql"), *SQL.glob("02*.sql")]):
        connection.execute(file.read_text(encoding="utf-8"))


def count(
    connection: duckdb.DuckDBPyConnection,
    as_of_date: date,
    *,
    present: frozenset[str],
    rules: Rules,
) -> None:
    """Fill the schema `recount` from the schema `raw_kept` and the scores in `marts.fct_customer_health`.

    ``present`` names the raw tables that the company has ('stripe.price'); what needs another one is unknown.
    The result is `recount.counts`: metric, grain, first_day, segment_type, segment, numerator, denominator,
    sample_size, unknown_count, pending. A period and segment of which a family has no row is not in it.
    """
    bill(connection, rules)
    connection.execute(
        "create table recount.build as select cast(? as date) as as_of_date, ? as has_plans,"
        " ? as has_events, ? as has_statuses, ? as has_answers,"
        " ? as has_pets, ? as has_settings, ? as has_members",
        [
            as_of_date,
            "stripe.subscription_history" in present,
            present.issuperset(ACTIVITY),
            "zendesk.ticket_field_history" in present,
            present.issuperset(COMMENTS),
            *(f"app.{table}" in present for table in ("pets", "feature_settings", "household_members")),
        ],
    )
    for file in sorted(SQL.glob("*.sql")):
        if not file.name.startswith(("00", "02")):
            connection.execute(file.read_text(encoding="utf-8"))
    for family in FAMILIES:
        connection.execute(_rows(family))
        connection.execute(_sums(family))
    connection.execute("create table recount.counts as " + " union all ".join(map(_counts, METRICS)))
    for metric in METRICS:
        if not present.issuperset(metric.needs):
            connection.execute("update recount.counts set numerator = null where metric = ?", [metric.name])


def _rows(family: str) -> str:
    """Show each row of a family with its household, its region, and its plan on the day that decides.

    Households whose region or plan is not known are a segment of their own.
    """
    day = "end_day" if family in OF_NEW else "start_day"
    on_its_day = f"""(
        select
            {family}.*,
            case
                when has_plans then case when subscribed.home is null then 0 else subscribed.plan_rank end
            end as plan_rank
        from recount.{family}
        inner join recount.periods using (period)
        cross join recount.build
        left join recount.subscribed
            on periods.{day} = subscribed.day and {family}.home = subscribed.home
    )"""
    return f"""
        create view recount.{family}_rows as
        select
            family.* exclude (home, plan_rank),
            households.household_id,
            coalesce(households.region, 'unknown') as region,
            coalesce(plans.plan_type, 'unknown') as plan_type
        from {f"recount.{family}" if family in WITH_PLAN else on_its_day} as family
        inner join recount.households
            on family.home = households.home
        left join recount.ranked_plans as plans
            on family.plan_rank = plans.plan_rank
    """


def _sums(family: str) -> str:
    """Sum the rows of a family by period and segment."""
    return f"""
        create table recount.{family}_sums as
        select
            period,
            case
                when grouping(plan_type) = 0 then 'plan_type'
                when grouping(region) = 0 then 'region'
                else 'all'
            end as segment_type,
            case
                when grouping(plan_type) = 0 then plan_type
                when grouping(region) = 0 then region
                else 'all'
            end as segment,
            sum(columns(* exclude (period, household_id, plan_type, region)))
        from recount.{family}_rows
        group by grouping sets ((period), (period, plan_type), (period, region))
    """


def parts(metric: Metric, days: str = "end_day - first_day + 1") -> str:
    """Return SQL for numerator, denominator, sample, unknowns and pending of a metric.

    ``days`` is the denominator of a mean over the days of the period.
    """
    denominator = f"({metric.denominator}) * {metric.unit if metric.both else 1}"
    if metric.denominator is None:
        denominator = days if metric.days else "null"
    return f"""
        cast(({metric.numerator}) * {metric.unit} as decimal(38, 6)) as numerator,
        cast({denominator} as decimal(38, 6)) as denominator,
        cast({metric.sample} as bigint) as sample_size,
        cast({metric.unknown} as bigint) as unknown_count,
        cast({metric.pending} as bigint) as pending
    """


def _counts(metric: Metric) -> str:
    return f"""
        select '{metric.name}' as metric, grain, first_day, segment_type, segment, {parts(metric)}
        from recount.{metric.family}_sums
        inner join recount.periods using (period)
    """
