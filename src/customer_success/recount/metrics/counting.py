"""Counts every metric from the kept raw rows, household by household, and sums it up by segment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from .definitions import AT_ANOTHER_DAY, FAMILIES, METRICS, PLANS, Metric

SQL = Path(__file__).with_name("sql")


def count(
    connection: duckdb.DuckDBPyConnection, as_of_date: date, trailing_days: int, history_weeks: int
) -> None:
    """Fill the schema `recount` from `raw_kept` and from the scores in the attached database `built`.

    It ends in `recount.counts`: metric, grain, first_day, segment_type, segment, numerator, denominator,
    sample_size, unknown_count, pending. A period and segment without any row of a family is not in it.
    """
    connection.execute("create schema recount")
    connection.execute(
        "create table recount.told as select ?::date as as_of_date, ?::integer as trailing_days,"
        " ?::integer as history_weeks",
        [as_of_date, trailing_days, history_weeks],
    )
    import time
    for file in sorted(SQL.glob("*.sql")):
        t=time.monotonic()
        connection.execute(file.read_text(encoding="utf-8"))
        print(file.name, round(time.monotonic()-t,2))
    t=time.monotonic()
    for family in FAMILIES:
        connection.execute(_in_segments(family))
    connection.execute(" union all ".join(["create table recount.counts as " + _counted(METRICS[0]), *map(_counted, METRICS[1:])]))
    print('sum', round(time.monotonic()-t,2))


def _in_segments(family: str) -> str:
    """Sum a family by period and segment, into a table of the family's name with `_sums`."""
    plan = "family.plan_rank" if family in AT_ANOTHER_DAY else "coalesce(subscribed.plan_rank, 0)"
    states = "" if family in AT_ANOTHER_DAY else (
        " left join recount.subscribed on periods.start_day = subscribed.day and family.home = subscribed.home"
    )
    return f"""
        create table recount.{family}_sums as
        select
            period,
            case when grouping(plan_rank) = 0 then 'plan_type' when grouping(region) = 0 then 'region' else 'all' end
                as segment_type,
            case
                when grouping(plan_rank) = 0 then {list(PLANS)}[plan_rank + 1]
                when grouping(region) = 0 then region
                else 'all'
            end as segment,
            sum(columns(* exclude (period, home, plan_rank, region)))
        from (
            select family.* exclude (plan_rank), {plan} as plan_rank, households.region
            from {'recount.' + family if family in AT_ANOTHER_DAY else f'(select *, 0 as plan_rank from recount.{family})'} as family
            inner join recount.households on family.home = households.home
            inner join recount.periods on family.period = periods.period
            {states}
        )
        group by grouping sets ((period), (period, plan_rank), (period, region))
        having segment is not null
    """


def _counted(metric: Metric) -> str:
    denominator = f"({metric.denominator}) * {metric.unit if metric.both else 1}" if metric.denominator else "null"
    if metric.days:
        denominator = "end_day - first_day + 1"
    return f"""
        select
            '{metric.name}' as metric,
            grain,
            first_day,
            segment_type,
            segment,
            cast(({metric.numerator}) * {metric.unit} as decimal(38, 6)) as numerator,
            cast({denominator} as decimal(38, 6)) as denominator,
            cast({metric.sample} as bigint) as sample_size,
            cast({metric.unknown} as bigint) as unknown_count,
            cast({metric.pending} as bigint) as pending
        from recount.{metric.family}_sums
        inner join recount.periods using (period)
    """
