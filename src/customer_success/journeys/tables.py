"""The state machine between the tables of dbt: weeks from rows, one table of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from .lifecycle import NONE, STAGES, Thresholds, Week
from .machine import run

EPOCH = date(1970, 1, 1)
NUMBERS = ("health", "login_days", "tickets", "nps", "progress", "renewal_days", "opportunities")
NAMES = np.array([*STAGES, None], dtype=object)  # the last one, at NONE, is no stage


def thresholds_of(rules: pd.DataFrame) -> Thresholds:
    """Read the bounds of the rules: columns name, threshold. TypeError where one is missing or unheard of."""
    return Thresholds(**{rule.name: float(rule.threshold) for rule in rules.itertuples(index=False)})


def week_of(rows: pa.Table) -> Week:
    """The customers of one day: columns as in `Week`, stages by name, household_number, score_date."""
    column = {name: rows.column(name).to_pandas() for name in rows.column_names}
    days = {name: _days(column[name]) for name in ("score_date", "period_from")}
    numbers = {name: column[name].to_numpy(dtype=float, na_value=np.nan) for name in NUMBERS}
    positions = {stage: at for at, stage in enumerate(STAGES)}
    return Week(
        day=int(days["score_date"][0]),
        household=column["household_number"].to_numpy(dtype=np.int64),
        period=days["period_from"],
        is_return=column["is_return"].to_numpy(dtype=bool),
        days_since_signup=column["days_since_signup"].to_numpy(dtype=np.int64),
        is_trialing=column["is_trialing"].astype("boolean").fillna(False).to_numpy(dtype=bool),
        override=column["override_stage"].map(positions).fillna(NONE).to_numpy(dtype=np.int8),
        **numbers,
    )


def lifecycle_table(
    dates: Sequence[date],
    rows_of: Callable[[date], pa.Table],
    households: int,
    bounds: Thresholds,
    *,
    first_of_history: date | None = None,
) -> pd.DataFrame:
    """Run the machine over the score dates, in their order, and return its results as one table.

    ``rows_of`` gives the rows of a date (`week_of`); the last date is as_of_date. On ``first_of_history``,
    older households begin by tenure; None where the data begin later. The result has rows of kind ``entry``
    (household_number, period_from, seen_on, is_first, stage, rule, value, threshold) and of kind ``today``
    (household_number, stage_today, next_stage, stage_progress, blockers), stages by name.
    """

    def weeks() -> Iterator[Week]:
        for day in dates:
            rows = rows_of(day)
            if rows.num_rows:
                yield week_of(rows)

    entries, today = run(
        weeks(),
        households,
        bounds,
        first_day=NONE if first_of_history is None else (first_of_history - EPOCH).days,
        as_of=(dates[-1] - EPOCH).days,
        is_sunday=dates[-1].isoweekday() == 7,
    )
    table = pd.concat([entries.assign(kind="entry"), today.assign(kind="today")], ignore_index=True)
    return pd.DataFrame(
        {
            "kind": table["kind"].astype("string"),
            "household_number": table["household_number"].astype("int64"),
            "period_from": _dates(table.get("period_from")),
            "seen_on": _dates(table.get("seen_on")),
            "is_first": table["is_first"].astype("boolean"),
            "stage": _names(table, "stage"),
            "rule": table["rule"].astype("Int64"),
            **{name: _floats(table, name) for name in ("value", "threshold", "stage_progress")},
            "stage_today": _names(table, "stage_today"),
            "next_stage": _names(table, "next_stage"),
            "blockers": table.get("blockers", pd.Series(None, index=table.index)).astype("string"),
        }
    )


def _days(column: pd.Series) -> np.ndarray:
    """Dates as days since 1970."""
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]").astype(np.int64)


def _dates(days: pd.Series) -> pd.Series:
    """Days since 1970 as dates; null where there is none."""
    return pd.to_datetime(days.astype("float64"), unit="D", origin="unix")


def _names(table: pd.DataFrame, column: str) -> pd.Series:
    """Numbers of stages as their names; null where there is none."""
    numbers = table.get(column, pd.Series(NONE, index=table.index)).fillna(NONE).astype(int)
    return pd.Series(NAMES[numbers.to_numpy()], index=table.index, dtype="string")


def _floats(table: pd.DataFrame, column: str) -> pd.Series:
    return table.get(column, pd.Series(np.nan, index=table.index)).astype("float64")
