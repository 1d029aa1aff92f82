"""Read any table into arrays; an error names the column that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .config import ChurnSpec

Table = pd.DataFrame | pa.Table
_NUMBERS = {"integer", "floating", "decimal", "mixed-integer-float", "boolean", "empty"}
_DATES = {"date", "datetime", "datetime64"}
_SPANS = {"timedelta", "timedelta64", "period", "time"}


@dataclass(frozen=True)
class Snapshots:
    """Rows of households at snapshots, sorted by household and date, independent of the order of the source.

    ``features``: (n, k), columns float64 (booleans 0/1, unknown NaN) or category. ``household``: (n,) codes
    0…; ``ids``: the household's id by code. ``date``: (n,) datetime64[D] or None. ``label``: (n,) 0/1, or
    None when scoring. ``activity``, ``days_to_left``: (n,) days, NaN where unknown, or None.
    """

    features: pd.DataFrame
    household: np.ndarray
    ids: np.ndarray
    date: np.ndarray | None
    label: np.ndarray | None
    activity: np.ndarray | None
    days_to_left: np.ndarray | None

    def __len__(self) -> int:
        return len(self.household)

    def take(self, rows: np.ndarray) -> Snapshots:
        """Return the rows of a boolean mask or of positions; codes of households keep their meaning."""
        parts = ("household", "date", "label", "activity", "days_to_left")
        cut = {name: getattr(self, name) for name in parts}
        cut = {name: None if values is None else values[rows] for name, values in cut.items()}
        features = self.features[rows] if rows.dtype == bool else self.features.take(rows)
        return replace(self, features=features, **cut)

    def churned_households(self) -> int:
        """Count the households with at least one positive label."""
        return len(np.unique(self.household[self.label == 1]))


def read_table(
    table: Table | Snapshots, spec: ChurnSpec, *, labelled: bool = True, dates_as_days: bool = False
) -> Snapshots:
    """Check a table and return it as Snapshots; Snapshots are returned as they are.

    ``labelled`` False reads a table to be scored: label and days to leaving are not needed. ``dates_as_days``
    turns features that are dates into days since the snapshot (for the leak check); otherwise they are an
    error.

    Raises ValueError naming the column for: a missing or repeated column, a null id, date or label, a label
    that is not boolean, 0/1 or ``spec.positive`` against one other value, more than one row per household
    and date, infinite values, dates, and columns of mixed kinds.
    """
    if isinstance(table, Snapshots):
        return table
    features = feature_names(table, spec)
    roles = [spec.id, spec.snapshot_date, spec.activity]
    roles += [spec.label, spec.days_to_left] if labelled else []
    frame = _to_pandas(table, _present(table, [*features, *(role for role in roles if role)]))
    household, ids = _households(frame[spec.id], spec.id)
    date = None if spec.snapshot_date is None else _dates(frame[spec.snapshot_date], spec.snapshot_date)
    order = np.lexsort((household,) if date is None else (date, household))
    _reject_duplicates(household[order], None if date is None else date[order], ids, spec)
    frame, date = frame.iloc[order], None if date is None else date[order]
    start = date if dates_as_days else None
    return Snapshots(
        features=pd.DataFrame({name: _feature(frame[name], name, dates_as_days, start) for name in features}),
        household=household[order],
        ids=ids,
        date=date,
        label=read_label(frame[spec.label], spec) if labelled else None,
        activity=_optional_number(frame, spec.activity),
        days_to_left=_optional_number(frame, spec.days_to_left) if labelled else None,
    )


def feature_names(table: Table, spec: ChurnSpec) -> list[str]:
    """Return the features in order. Raises ValueError where one has another role, or there is none."""
    roles = {spec.id, spec.label, spec.snapshot_date, spec.days_to_left}
    if spec.features is None:
        names = [name for name in _names(table) if name not in roles and name not in spec.ignore]
    else:
        names = list(spec.features)
        wrong = [name for name in names if name in roles]
        if wrong:
            raise ValueError(f"column {wrong[0]!r} is no feature: it is id, label, date or known only later")
    if not names:
        raise ValueError("the table has no column left that could be a feature")
    return names


def read_label(values: pd.Series, spec: ChurnSpec) -> np.ndarray:
    """Return the label as 0/1, shape (n,). Raises ValueError naming the column where it is not yes or no."""
    if values.isna().any():
        raise ValueError(f"label column {spec.label!r} is null in {int(values.isna().sum())} rows")
    distinct = list(pd.unique(values))
    if spec.positive is not None:
        if len(distinct) > 2 or (len(distinct) == 2 and spec.positive not in distinct):
            raise ValueError(
                f"label column {spec.label!r}: {spec.positive!r} against one other, got {distinct[:5]}"
            )
        return (values == spec.positive).to_numpy(dtype=np.int8)
    if not all(value in (0, 1) for value in distinct):
        raise ValueError(
            f"label column {spec.label!r} holds {distinct[:5]}: name the value that means yes in `positive`"
        )
    return values.astype(float).to_numpy(dtype=np.int8)


def is_date(values: pd.Series) -> bool:
    """Return whether a column has dates or moments."""
    return _kind(values) in _DATES or pd.api.types.is_datetime64_any_dtype(values)


def _names(table: Table) -> list[str]:
    return list(table.column_names if isinstance(table, pa.Table) else table.columns)


def _present(table: Table, wanted: Sequence[str]) -> list[str]:
    """Return the wanted columns once each, all of which the table must have exactly once."""
    names = _names(table)
    wanted = list(dict.fromkeys(wanted))
    for name in wanted:
        if names.count(name) != 1:
            raise ValueError(f"column {name!r} is {'missing' if name not in names else 'there twice'}")
    return wanted


def _to_pandas(table: Table, columns: list[str]) -> pd.DataFrame:
    """Select columns; Arrow text becomes categories and Arrow booleans and decimals become numbers."""
    if isinstance(table, pd.DataFrame):
        return table[columns]
    arrays = []
    for name in columns:
        column = table.column(name)
        kind = column.type
        if pa.types.is_boolean(kind):
            column = pc.cast(column, pa.int8())
        elif pa.types.is_decimal(kind) or pa.types.is_null(kind):
            column = pc.cast(column, pa.float64())
        arrays.append(column)
    return pa.table(arrays, names=columns).to_pandas(strings_to_categorical=True, date_as_object=False)


def _households(values: pd.Series, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return codes by row and the sorted ids of the codes."""
    if values.isna().any():
        raise ValueError(f"id column {name!r} is null in {int(values.isna().sum())} rows")
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.set_categories(sorted(values.cat.categories)).cat.remove_unused_categories()
        return values.cat.codes.to_numpy(dtype=np.int64), values.cat.categories.to_numpy()
    try:
        codes, ids = pd.factorize(values, sort=True)
    except TypeError as mixed:
        raise ValueError(f"id column {name!r} mixes kinds that have no order") from mixed
    return codes.astype(np.int64), np.asarray(ids)


def _dates(values: pd.Series, name: str) -> np.ndarray:
    try:
        days = pd.to_datetime(values).to_numpy(dtype="datetime64[D]")
    except (ValueError, TypeError) as problem:
        raise ValueError(f"date column {name!r} does not hold dates: {problem}") from problem
    if np.isnat(days).any():
        raise ValueError(f"date column {name!r} is null in {int(np.isnat(days).sum())} rows")
    return days


def _reject_duplicates(
    household: np.ndarray, date: np.ndarray | None, ids: np.ndarray, spec: ChurnSpec
) -> None:
    same = household[1:] == household[:-1]
    if date is not None:
        same &= date[1:] == date[:-1]
    if same.any():
        first = np.flatnonzero(same)[0]
        key = repr(spec.id) if date is None else f"{spec.id!r} and {spec.snapshot_date!r}"
        when = "" if date is None else f" on {date[first]}"
        raise ValueError(f"{int(same.sum())} rows repeat {key}, such as {ids[household[first]]}{when}")


def _optional_number(frame: pd.DataFrame, name: str | None) -> np.ndarray | None:
    return None if name is None else _number(frame[name], name)


def _number(values: pd.Series, name: str) -> np.ndarray:
    try:
        numbers = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"column {name!r} does not hold numbers: {problem}") from problem
    if np.isinf(numbers).any():
        raise ValueError(f"column {name!r} is infinite in {int(np.isinf(numbers).sum())} rows")
    return numbers


def _feature(values: pd.Series, name: str, dates_as_days: bool, start: np.ndarray | None) -> pd.Series:
    """Return a feature as float64 or category, with a fresh index."""
    kind = _kind(values)
    if kind in _SPANS or values.dtype.kind == "m":
        raise ValueError(f"column {name!r} is a span of time: give it as a number of days")
    if is_date(values):
        if not dates_as_days:
            raise ValueError(f"column {name!r} is a date: give the days between it and the snapshot instead")
        return pd.Series(_days_since(values, start))
    if kind in _NUMBERS or (kind is None and pd.api.types.is_numeric_dtype(values)):
        values = values.astype("boolean").astype("Float64") if kind == "boolean" else values
        return pd.Series(_number(values, name))
    if (
        kind == "string"
        or pd.api.types.is_string_dtype(values)
        or isinstance(values.dtype, pd.CategoricalDtype)
    ):
        return _category(values)
    raise ValueError(f"column {name!r} mixes kinds of values ({kind or values.dtype})")


def _kind(values: pd.Series) -> str | None:
    """Return what a column of Python objects holds; None for the other columns, whose type shows it."""
    return pd.api.types.infer_dtype(values, skipna=True) if values.dtype == object else None


def _category(values: pd.Series) -> pd.Series:
    """Return text as categories in alphabetical order, so that nothing depends on the order of rows."""
    values = values.astype("category").reset_index(drop=True)
    values = values.cat.rename_categories(values.cat.categories.astype(str))
    return values.cat.reorder_categories(sorted(values.cat.categories))


def _days_since(values: pd.Series, start: np.ndarray | None) -> np.ndarray:
    days = pd.to_datetime(values).to_numpy(dtype="datetime64[D]")
    missing = np.isnat(days)
    origin = np.datetime64("1970-01-01") if start is None else start
    return np.where(missing, np.nan, (days - origin).astype("timedelta64[D]").astype(float))
