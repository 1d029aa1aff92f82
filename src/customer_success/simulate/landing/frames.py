"""The tables of a block while they are brought into the connectors' shape."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from ..clock import Calendar
from .schema import LANDED, TRUTHS

NEXT_LOAD = pd.Timedelta(hours=6)
FOREVER = np.datetime64("9999-12-31T23:59:59.999", "us")  # _fivetran_end of a version that still holds
# What every row says that nobody deleted and that is no test.
_ORDINARY = {"_fivetran_deleted": False, "is_deleted": False, "livemode": True}


@dataclass
class Block:
    """Tables by name, rows apart from them that never count as they are, and the truths.

    Rows apart follow the tables when they are written, so that they are no models of planted defects.
    """

    calendar: Calendar
    number: int
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    apart: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    truths: dict[str, list[pd.DataFrame]] = field(default_factory=dict)

    @property
    def export(self) -> pd.Timestamp:
        """The moment at which the export was made."""
        return pd.Timestamp(self.calendar.export, unit="us")

    @property
    def begin(self) -> pd.Timestamp:
        """The first moment of the history."""
        return pd.Timestamp(int(self.calendar.us(np.int64(0))), unit="us")

    @property
    def midnight(self) -> pd.Timestamp:
        """The end of the last complete day: what is later is not visible to a build of that day."""
        return self.export.normalize()

    def add(self, table: str, rows: pd.DataFrame) -> None:
        """Append rows that count."""
        had = self.tables.get(table)
        self.tables[table] = rows if had is None else together([had, rows])

    def set_apart(self, table: str, rows: pd.DataFrame, row_class: str, kind: str, key: str = "id") -> None:
        """Append rows that come to another class than staged, and say so in the truth."""
        if rows.empty:
            return
        self.apart.setdefault(table, []).append(rows)
        source, name = table.split(".")
        said = {"source": source, "table": name, "row_key": rows[key], "row_class": row_class, "kind": kind}
        self.tell("rows", pd.DataFrame(said))

    def tell(self, truth: str, rows: pd.DataFrame) -> None:
        self.truths.setdefault(truth, []).append(rows)

    def landed(self) -> tuple[dict[str, pa.Table], dict[str, pa.Table], dict[str, pa.Table]]:
        """Return tables, rows apart and truths in the types in which they are written."""
        return (
            {name: typed(rows, LANDED[name]) for name, rows in self.tables.items()},
            {name: typed(together(parts), LANDED[name]) for name, parts in self.apart.items()},
            {
                name: typed(together(parts), TRUTHS[name], ordinary=False)
                for name, parts in self.truths.items()
            },
        )


def together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts; a column that a part does not have is null there."""
    kinds = {name: kind for part in reversed(parts) for name, kind in part.dtypes.items()}
    filled = [part.dropna(axis="columns", how="all") for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else parts[0].iloc[:0]
    for name in kinds.keys() - set(rows.columns):
        rows[name] = pd.Series(
            None, index=rows.index, dtype=kinds[name] if kinds[name].kind == "M" else object
        )
    return rows


def typed(rows: pd.DataFrame, schema: pa.Schema, ordinary: bool = True) -> pa.Table:
    """Return rows with all columns of the schema; absent values are null, or those of an ordinary row."""
    columns = {}
    for column in schema:
        values = (
            rows[column.name] if column.name in rows.columns else pd.Series(None, rows.index, dtype=object)
        )
        if ordinary and column.name in _ORDINARY:
            values = np.where(values.isna(), _ORDINARY[column.name], values)
        elif pa.types.is_string(column.type):
            values = _as_text(values)
        columns[column.name] = pa.Array.from_pandas(values, type=column.type)
    return pa.table(columns, schema=schema)


def _as_text(values: pd.Series) -> pd.Series:
    """Return values with moments as text."""
    known = values.dropna()
    if known.empty or not isinstance(known.iloc[0], pd.Timestamp):
        return values.astype(object)
    text = [None if pd.isna(value) else str(value) for value in values]
    return pd.Series(text, index=values.index, dtype=object)


def some(rows: pd.DataFrame, share: float, rng: np.random.Generator, least: int = 1) -> pd.Index:
    """Draw labels of a share of the rows, at least so many where there are so many; in their order."""
    count = min(len(rows), max(least, round(share * len(rows))))
    return rows.index[np.sort(rng.permutation(len(rows))[:count])]


def text_ids(kind: str, numbers: np.ndarray | pd.Series, width: int = 10) -> pd.Series:
    """Return `sim_<kind>_<digits>` for each number."""
    return pd.Series([f"sim_{kind}_{int(number):0{width}d}" for number in numbers], dtype=object)
