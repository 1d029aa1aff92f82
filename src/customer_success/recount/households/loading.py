"""Reading the raw Parquet or CSV files as they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .contract import SCHEMA

# What connectors say of a row itself.
CONTROL = ("_fivetran_deleted", "is_deleted", "livemode", "updated_at")


def with_needed(names: Iterable[str]) -> set[str]:
    """Add what facts of a table need: events count where the user is a member of the household."""
    found = set(names)
    return found | {"app.household_members"} if "product.events" in found else found


class Raw(dict):
    """Raw frames by (source, table); `absent` names the tables that the company does not have.

    Where the frames hold the tickets of some households only, `assigned` are all to whom a ticket was ever
    assigned, and `merged` all tickets that others list as merged; None: the frames hold all tickets.
    So for `merge_lists`: contacts with those merged into them.
    """

    assigned: set[str] | None = None
    merged: set[str] | None = None
    merge_lists: list[tuple[str, str]] | None = None

    def __init__(self, *args, absent: set[tuple[str, str]] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.absent = set(absent or ())

    def has(self, *names: str) -> bool:
        """Return whether the company has all of these 'source.table', and what their facts need."""
        return not any(tuple(name.split(".")) in self.absent for name in with_needed(names))


def _read_parquet(path: Path, wanted: list[str]) -> pd.DataFrame:
    names = pq.read_schema(path).names if path.is_file() else None
    columns = None if names is None else [c for c in names if c.lower() in wanted]
    return _lower_case(plain(pq.read_table(path, columns=columns)))


def _lower_case(frame: pd.DataFrame) -> pd.DataFrame:
    """Names of columns are read without case; of two that differ by it the first counts."""
    frame = frame.rename(columns=str.lower)
    return frame.loc[:, ~frame.columns.duplicated()]


def plain(table: pa.Table) -> pd.DataFrame:
    """Return Arrow rows as pandas has them; whole numbers as text, so that a missing one makes no float."""
    fields = []
    for item in table.schema:
        kind = item.type
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_integer(kind):  # missing whole numbers must not turn into floats
            kind = pa.string() if not pa.types.is_boolean(kind) else kind
        fields.append(pa.field(item.name, kind))
    return table.cast(pa.schema(fields)).to_pandas(date_as_object=False)


def _read_csv(path: Path, wanted: list[str]) -> pd.DataFrame:
    frame = _lower_case(pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]))
    return frame[[c for c in wanted if c in frame.columns]]


def load_raw(folder: str | Path) -> Raw:
    """Read every raw table below `folder` (`<source>/<table>.parquet` or `.csv`).

    A missing table becomes an empty frame and is named in `absent`. Missing optional columns are
    added, empty; a missing required one raises.
    """
    folder = Path(folder)
    raw = Raw()
    for (source, name), table in SCHEMA.items():
        others = [other for further in table.others.values() for other in further]
        wanted = [*dict.fromkeys((*table.columns, *others, "_fivetran_synced", *CONTROL))]
        for called in (name, *table.other_tables):
            parquet, csv = (folder / source / f"{called}.{ending}" for ending in ("parquet", "csv"))
            if parquet.exists():
                frame = _read_parquet(parquet, wanted)
                break
            if csv.exists():
                frame = _read_csv(csv, wanted)
                break
        else:
            raw[source, name] = pd.DataFrame({c: pd.Series(dtype=object) for c in table.columns})
            raw.absent.add((source, name))
            continue
        for column in table.columns:
            if column not in frame.columns:
                found = next((other for other in table.others[column] if other in frame.columns), None)
                if found:
                    frame[column] = frame[found]
                    continue
                if column not in table.optional:
                    raise ValueError(f"{source}.{name}: column {column} is missing")
                frame[column] = None
        raw[source, name] = frame
    return raw
