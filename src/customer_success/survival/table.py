"""Read a table of durations; an error names the column that cannot be analysed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from .config import Covariate, SurvivalSpec

Table = pd.DataFrame | pa.Table


@dataclass(frozen=True)
class Durations:
    """One row per household, sorted by id. ``duration``, ``entry`` (n,) days; ``event`` (n,) boolean;
    ``covariates`` (n, k) float64 or text; ``group`` (n,) text or None, where the spec has one."""

    ids: np.ndarray
    duration: np.ndarray
    event: np.ndarray
    entry: np.ndarray
    covariates: pd.DataFrame
    group: np.ndarray | None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: np.ndarray) -> Durations:
        """Return the rows of a mask or of positions."""
        parts = {name: getattr(self, name)[rows] for name in ("ids", "duration", "event", "entry")}
        group = None if self.group is None else self.group[rows]
        return replace(self, covariates=self.covariates.iloc[rows], group=group, **parts)


def read_durations(table: Table, spec: SurvivalSpec) -> Durations:
    """Check a table and return its households that were under observation for some time.

    Households censored at the moment observation began (duration = entry, no event) have no information and
    are left out. Raises ValueError naming the column for: a missing column, an id that is null or twice, a
    duration or entry that is null, infinite or negative, an event flag that is not yes or no, an event at the
    moment observation began (it was no customer then), and covariates that are infinite or not numbers.
    """
    frame = read_columns(table, spec)
    duration = known_days(frame[spec.duration], spec.duration)
    event = read_event(frame[spec.event], spec.event)
    entry = np.zeros(len(frame)) if spec.entry is None else known_days(frame[spec.entry], spec.entry)
    start = spec.entry or "0"
    _reject(duration < entry, f"column {spec.duration!r} is before entry ({start})")
    _reject((duration == entry) & event, f"column {spec.duration!r}: an event at entry ({start})")
    data = Durations(
        ids=frame[spec.id].to_numpy(),
        duration=duration,
        event=event,
        entry=entry,
        covariates=read_covariates(frame, spec.covariates),
        group=None if spec.group is None else _text(frame[spec.group]),
    )
    return data.take(duration > entry)


def read_columns(table: Table, spec: SurvivalSpec) -> pd.DataFrame:
    """Return the columns of a spec, sorted by id. Raises ValueError as ``read_durations``."""
    wanted = [spec.id, spec.duration, spec.event, *(covariate.name for covariate in spec.covariates)]
    wanted = list(dict.fromkeys([*wanted, *filter(None, (spec.entry, spec.group))]))
    names = list(table.column_names if isinstance(table, pa.Table) else table.columns)
    for name in wanted:
        if names.count(name) != 1:
            raise ValueError(f"column {name!r} is {'missing' if name not in names else 'there twice'}")
    frame = table.select(wanted).to_pandas() if isinstance(table, pa.Table) else table[wanted]
    _reject(frame[spec.id].isna().to_numpy(), f"id column {spec.id!r} is null")
    _reject(frame[spec.id].duplicated().to_numpy(), f"id column {spec.id!r} is repeated")
    return frame.sort_values(spec.id, ignore_index=True)


def known_days(values: pd.Series, name: str) -> np.ndarray:
    """Return days as floats, all known, finite and not negative, or raise ValueError naming the column."""
    days = numbers(values, name)
    _reject(np.isnan(days), f"column {name!r} is null")
    _reject(days < 0, f"column {name!r} is negative")
    return days


def numbers(values: pd.Series, name: str) -> np.ndarray:
    """Return floats, NaN where null; raise ValueError naming the column where it is infinite or no number."""
    try:
        found = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as problem:
        raise ValueError(f"column {name!r} does not hold numbers: {problem}") from problem
    _reject(np.isinf(found), f"column {name!r} is infinite")
    return found


def read_event(values: pd.Series, name: str) -> np.ndarray:
    """Return the event flag as booleans, or raise ValueError naming the column."""
    _reject(values.isna().to_numpy(), f"event column {name!r} is null")
    if not values.isin([0, 1]).all():
        raise ValueError(f"event column {name!r} holds {list(pd.unique(values))[:5]}, not yes or no")
    return values.astype(bool).to_numpy()


def read_covariates(frame: pd.DataFrame, covariates: tuple[Covariate, ...]) -> pd.DataFrame:
    """Return numbers as float64 and categories as text, None or NaN where unknown."""
    columns = {
        one.name: numbers(frame[one.name], one.name) if one.reference is None else _text(frame[one.name])
        for one in covariates
    }
    return pd.DataFrame(columns, index=range(len(frame)))


def _text(values: pd.Series) -> np.ndarray:
    text = values.astype(object).to_numpy()
    return np.array([None if pd.isna(value) else str(value) for value in text], dtype=object)


def _reject(wrong: np.ndarray, what: str) -> None:
    if wrong.any():
        raise ValueError(f"{what} in {int(wrong.sum())} rows")
