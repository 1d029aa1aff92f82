"""The households behind a metric's value, read from the tables that the metric is summed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation

from .change import COLUMNS
from .periods import Period

DAYS = "period_days"  # denominator of a daily mean: the same for every household
UNKNOWN = "unknown"


def is_total(denominator: object) -> bool:
    """Whether a metric is a total (or a total per day), which has no denominator of its households."""
    return pd.isna(denominator) or denominator == DAYS


def household_reader(
    families: Mapping[str, DuckDBPyRelation], definitions: pd.DataFrame
) -> Callable[[str, str, str, Period], pd.DataFrame]:
    """Return a function that reads the households of a metric, segment type, segment and period.

    `families`: the tables by name, a row per household and period. `definitions`: a row per metric with
    metric, family, numerator, denominator (columns of the family; the denominator of a total is null or
    `DAYS`). The result has `change.COLUMNS`; households with an unknown number are left out, as the metric
    leaves them out. KeyError for an unknown metric or family.
    """
    defined = definitions.set_index("metric")

    def read(metric: str, segment_type: str, segment: str, period: Period) -> pd.DataFrame:
        definition = defined.loc[metric]
        rows = families[definition["family"]]
        held = (ColumnExpression("period_grain") == ConstantExpression(period.grain)) & (
            ColumnExpression("period_start") == ConstantExpression(period.start)
        )
        if segment_type != "all":
            column = ColumnExpression(segment_type)
            held &= column.isnull() if segment == UNKNOWN else column == ConstantExpression(segment)
        numerator = ColumnExpression(definition["numerator"])
        if is_total(definition["denominator"]):
            denominator = ConstantExpression(1)
            if definition["denominator"] == DAYS:
                numerator = numerator / ColumnExpression(DAYS)
        else:
            denominator = ColumnExpression(definition["denominator"])
        names = (ColumnExpression("household_id"), numerator.cast("double"), denominator.cast("double"))
        found = rows.filter(held).select(*(x.alias(c) for x, c in zip(names, COLUMNS, strict=True))).df()
        return found.dropna(ignore_index=True)

    return read
