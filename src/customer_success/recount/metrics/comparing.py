"""Compares the published metrics with the recount: `recount.compared` and `recount.unseen`."""

from __future__ import annotations

import duckdb

from customer_success.publish.gate import Problem

from . import sentences
from .definitions import BY_NAME, METRICS

KEY = "metric, grain, first_day, segment_type, segment"
PUBLISHED_KEY = "metric, period_grain as grain, period_start as first_day, segment_type, segment"
NUMBERS = ("numerator", "denominator", "unknown_count", "sample_size")
UNEQUAL = " or ".join(f"{name} is distinct from counted_{name}" for name in NUMBERS)
# Values are doubles of at least fifteen digits.
WRONG_VALUE = "value is null or abs(value - counted_value) > 1e-12 * greatest(1, abs(counted_value))"

CATALOGUE = """
    create table recount.catalogue as
    select metric, min(min_sample) as min_sample, count(*) as times
    from marts.dim_metrics
    group by 1
"""

# Each row that readers would see, with its recount. Where a family has no household in a period,
# nothing was counted: no numerator and a sample of 0.
COMPARED = f"""
    create table recount.compared as
    with published as (
        select
            {PUBLISHED_KEY},
            period_end as last_day,
            numerator,
            denominator,
            sample_size,
            unknown_count,
            value,
            count(*) over (partition by metric, period_grain, period_start, segment_type, segment) as times
        from marts.published_metrics
    )

    select
        published.*,
        counts.numerator as counted_numerator,
        counts.denominator as counted_denominator,
        coalesce(counts.sample_size, 0) as counted_sample_size,
        coalesce(counts.unknown_count, 0) as counted_unknown_count,
        case
            when counts.denominator is null then cast(counts.numerator as double)
            else rules.scale * cast(counts.numerator as double) / cast(counts.denominator as double)
        end as counted_value,
        coalesce(periods.is_complete and coalesce(counts.pending, 0) = 0, false) as is_complete,
        catalogue.min_sample
    from published
    left join recount.counts using ({KEY})
    left join recount.periods using (grain, first_day, last_day)
    left join recount.catalogue using (metric)
    left join recount.rules using (metric)
"""

# Each row that was counted, with its outcome: published, withheld, or neither. Periods before the
# first household signed up need not be shown.
UNSEEN = f"""
    create table recount.unseen as
    with published as (
        select distinct {PUBLISHED_KEY} from marts.published_metrics
    ),

    withheld as (
        select {PUBLISHED_KEY}, any_value(sample_size) as withheld_sample, any_value(status) as status
        from marts.withheld_metrics
        group by all
    ),

    valued as (
        select
            {PUBLISHED_KEY},
            numerator as own_numerator,
            denominator as own_denominator,
            unknown_count as own_unknowns
        from marts.fct_metric_values
        where status <> 'publishable'
    ),

    counted as (
        select
            counts.*,
            periods.is_complete and counts.pending = 0 as is_complete,
            periods.last_day >= (select min(signup_day) from recount.households) as is_of_company,
            catalogue.min_sample
        from recount.counts
        inner join recount.periods using (grain, first_day)
        left join recount.catalogue using (metric)
    )

    select
        counted.*,
        withheld.withheld_sample,
        withheld.status,
        withheld.metric is not null as is_withheld,
        -- Where nothing was counted, the marts have no parts.
        valued.metric is not null and counted.sample_size > 0 and (
            own_numerator is distinct from numerator
            or own_denominator is distinct from denominator
            or own_unknowns is distinct from unknown_count
        ) as has_other_parts,
        own_numerator,
        own_denominator,
        own_unknowns,
        published.metric is null
        and withheld.metric is null
        and counted.is_complete
        and counted.is_of_company
        and counted.numerator is not null
        and counted.sample_size >= counted.min_sample as is_missing
    from counted
    left join published using ({KEY})
    left join withheld using ({KEY})
    left join valued using ({KEY})
"""

# (relation, condition, message for the first row), in the order in which a reader should look at them.
CHECKS = (
    ("compared", UNEQUAL, sentences.numbers),
    ("compared", f"not ({UNEQUAL}) and ({WRONG_VALUE})", sentences.value),
    ("compared", "times > 1", sentences.twice),
    ("compared", "not is_complete", sentences.incomplete),
    ("compared", "coalesce(counted_sample_size < min_sample, true)", sentences.too_small),
    ("unseen", "is_missing", sentences.missing),
    ("unseen", "is_withheld and withheld_sample is distinct from sample_size", sentences.withheld_sample),
    ("unseen", "has_other_parts", sentences.withheld_parts),
    ("unseen", "status = 'incomplete_period' and is_complete", sentences.withheld_though_complete),
)


def compare(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Compare `published_metrics` and `withheld_metrics` of the schema `marts` with `recount.counts`.

    One problem per metric, of the first check that it fails: the earliest row, all households before
    segments, and how many more there are.
    """
    connection.execute("create table recount.rules (metric varchar, scale integer)")
    connection.executemany(
        "insert into recount.rules values (?, ?)", [(metric.name, metric.scale) for metric in METRICS]
    )
    for statement in (CATALOGUE, COMPARED, UNSEEN):
        connection.execute(statement)
    problems = _catalogue(connection)
    reported = set()
    for relation, condition, message in CHECKS:
        rows = connection.execute(f"""
            select *, count(*) over (partition by metric) - 1 as more
            from recount.{relation}
            inner join recount.rules using (metric)
            where {condition}
            qualify row_number() over (
                partition by metric order by first_day, segment_type <> 'all', grain, segment_type, segment
            ) = 1
            order by metric
        """)
        names = [column[0] for column in rows.description]
        found = [sentences.Row(zip(names, row, strict=True)) for row in rows.fetchall()]
        new = [row for row in found if row["metric"] not in reported]
        problems += [sentences.problem(row, message(connection, row)) for row in new]
        reported |= {row["metric"] for row in new}
    return problems


def _catalogue(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Metrics that only one side has."""

    def names(relation: str) -> set[str]:
        return {name for (name,) in connection.execute(f"select distinct metric from {relation}").fetchall()}

    listed = names("recount.catalogue")
    shown = names("recount.compared") | names("marts.withheld_metrics") | listed
    return [
        *(sentences.not_recounted(name) for name in sorted(shown - BY_NAME.keys())),
        *(sentences.not_in_catalogue(name) for name in sorted(BY_NAME.keys() - listed)),
    ]
