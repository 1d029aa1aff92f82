"""Names a household on which the marts and the recount differ."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from .counting import parts
from .definitions import BY_NAME, Metric

# The rows that the marts add up for a metric: the table of its households, and the columns of its parts.
MEASURES = """
    select family, numerator, denominator, sample, unknowns
    from marts.int_metric_definitions
    where metric = ?
"""
DIFFERING = """
    select
        household_id,
        coalesce(ours.numerator, 0) as our_numerator,
        coalesce(ours.denominator, 0) as our_denominator,
        coalesce(ours.sample_size, 0) as our_sample,
        coalesce(ours.unknown_count, 0) as our_unknowns,
        coalesce(theirs.numerator, 0) as their_numerator,
        coalesce(theirs.denominator, 0) as their_denominator,
        coalesce(theirs.sample_size, 0) as their_sample,
        coalesce(theirs.unknown_count, 0) as their_unknowns
    from ours
    full join theirs using (household_id)
    where
        our_numerator <> their_numerator
        or our_denominator <> their_denominator
        or our_sample <> their_sample
        or our_unknowns <> their_unknowns
    order by household_id
    limit 1
"""
LARGEST = """
    select household_id, numerator
    from ours
    order by abs(numerator) desc nulls last, household_id
    limit 1
"""


def first_household(connection: duckdb.DuckDBPyConnection, row: Mapping[str, object]) -> str:
    """Return the first household (by id) on which the marts and the recount differ.

    Where the household rows of both agree, the difference arises after them; then, and where the marts keep
    no such rows, the household that contributes most is named as a place to begin. ``row`` has metric, grain,
    first_day, segment_type and segment.
    """
    metric = BY_NAME[str(row["metric"])]
    place = [row["grain"], row["first_day"], *([] if row["segment_type"] == "all" else [row["segment"]])]
    segment = "" if row["segment_type"] == "all" else f" and {row['segment_type']} = ?"
    connection.execute(f"create or replace temp table ours as {_ours(metric)}{segment}", place)
    try:
        table, query = _theirs(connection, metric)
        connection.execute(f"create or replace temp table theirs as {query}{segment}", place)
    except duckdb.Error:
        return f"The marts keep no household rows of it. {_largest(connection)}"
    found = connection.execute(DIFFERING).fetchone()
    if found is None:
        return f"No household differs in {table}: the difference arises later. {_largest(connection)}"
    names = ("numerator", "denominator", "sample", "unknowns")
    differing = [
        f"{name} {float(theirs):g} in {table}, {float(ours):g} counted from raw"
        for name, ours, theirs in zip(names, found[1:5], found[5:], strict=True)
        if ours != theirs
    ]
    return f"First household: {found[0]} ({'; '.join(differing)})."


def _ours(metric: Metric) -> str:
    return f"""
        select household_id, {parts(metric, days="0")}
        from recount.{metric.family}_rows
        inner join recount.periods using (period)
        where grain = ? and first_day = ?
    """


def _theirs(connection: duckdb.DuckDBPyConnection, metric: Metric) -> tuple[str, str]:
    """Return the table of the marts and a query of its parts; ``duckdb.Error`` where there is none.

    The days of a period are the denominator of all its households together.
    """
    found = connection.execute(MEASURES, [metric.name]).fetchone()
    if found is None:
        raise duckdb.CatalogException(f"no measures of {metric.name}")
    table, *columns = found
    if metric.days:
        columns[1] = None
    quoted = ['"' + column.replace('"', '""') + '"' if column else "0" for column in columns]
    names = ("numerator", "denominator", "sample_size", "unknown_count")
    selected = ", ".join(
        f"cast({column} as decimal(38, 6)) as {name}" for column, name in zip(quoted, names, strict=True)
    )
    return (
        table,
        f"""
        select household_id, {selected}
        from (
            select
                * replace (
                    coalesce(plan_type, 'unknown') as plan_type,
                    coalesce(region, 'unknown') as region
                )
            from marts."{table.replace('"', '""')}"
        )
        where period_grain = ? and period_start = ?
    """,
    )


def _largest(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute(LARGEST).fetchone()
    if found is None:
        return "The recount finds no household for it."
    return f"Of those counted from raw, household {found[0]} contributes most ({float(found[1] or 0):g})."
