"""Streaming writers: tables of fixed row groups, and the global order of the events."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from .clock import HOUR_US, Calendar
from .columns import ids, pick, times
from .schema import EVENT_NAMES, EVENT_ROW, FEATURES, PAGES

ROW_GROUP = 131_072
SAMPLE = 400  # rows kept of each table as models for planted defects
_PLAIN = {
    "event_id",
    "id",
    "received_at",
    "occurred_at",
    "task_id",
    "created_at",
    "due_at",
    "completed_at",
    "message_id",
    "created",
    "updated",
    "invoice_id",
    "charge_id",
}  # columns whose values hardly repeat: no dictionary


class TableWriter:
    """Write one table in row groups of a fixed size, independent of the size of the pieces."""

    def __init__(self, path: Path, schema: pa.Schema, form: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path.with_suffix(f".{form}")
        self.schema, self.form = schema, form
        self.pending: list[pa.Table] = []
        self.waiting = self.rows = 0
        self.sample = schema.empty_table()
        if form == "parquet":
            repeated = [f.name for f in schema if f.name not in _PLAIN]
            self.sink = pq.ParquetWriter(self.path, schema, compression="snappy", use_dictionary=repeated)
        else:
            self.sink = pc_csv.CSVWriter(str(self.path), schema)

    def append(self, table: pa.Table, is_model: bool = True) -> None:
        """Take rows; defects are planted into copies of the first ones that are models."""
        table = table.select(self.schema.names).cast(self.schema)
        if is_model and table.num_rows and self.sample.num_rows < SAMPLE:
            rest = table.slice(0, SAMPLE - self.sample.num_rows)
            self.sample = pa.concat_tables([self.sample, rest]).combine_chunks()
        self.rows += table.num_rows
        self.waiting += table.num_rows
        self.pending.append(table)
        if self.waiting >= ROW_GROUP:
            self._flush(everything=False)

    def _flush(self, everything: bool) -> None:
        table = pa.concat_tables(self.pending or [self.schema.empty_table()])
        whole = table.num_rows if everything else table.num_rows // ROW_GROUP * ROW_GROUP
        for begin in range(0, whole, ROW_GROUP):
            piece = table.slice(begin, min(ROW_GROUP, whole - begin)).combine_chunks()
            if self.form == "parquet":
                self.sink.write_table(piece, row_group_size=ROW_GROUP)
            else:
                self.sink.write_table(piece)
        self.pending = [table.slice(whole)]
        self.waiting = table.num_rows - whole

    def close(self) -> None:
        self._flush(everything=True)
        self.sink.close()


def event_table(rows: np.ndarray) -> pa.Table:
    """Event rows as the raw table."""
    quarter = HOUR_US // 4
    return pa.table(
        {
            "event_id": ids("evt", rows["number"]),
            "event_name": pick(EVENT_NAMES, rows["name"]),
            "occurred_at": times(rows["occurred"]),
            "received_at": times(rows["received"]),
            "user_id": ids("usr", rows["user"]),
            "household_id": ids("hh", rows["household"]),
            "pet_id": ids("pet", rows["pet"]),
            "feature_name": pick(FEATURES, rows["feature"]),
            "task_id": ids("tsk", rows["task"]),
            "page": pick(PAGES, rows["page"]),
            "_fivetran_synced": times((rows["received"] // quarter + 1) * quarter),
        }
    )


class EventSorter:
    """Order events by arrival with bounded memory: day buckets on disk, sorted one by one."""

    def __init__(self, folder: Path, calendar: Calendar, expected: float) -> None:
        folder.mkdir(parents=True)
        buckets = int(np.clip(expected / 500_000, 1, min(calendar.days, 250)))
        self.edges = calendar.us(np.linspace(0, calendar.days + 1, buckets + 1).astype(np.int64))
        self.folder = folder
        self.files = [folder / f"{i:04d}.rows" for i in range(buckets)]
        self.rows = 0

    def add(self, rows: np.ndarray) -> None:
        """Take rows (EVENT_ROW) that are ordered by arrival."""
        cuts = np.searchsorted(rows["received"], self.edges[1:-1])
        for file, piece in zip(self.files, np.split(rows, cuts), strict=True):
            if len(piece):
                with file.open("ab") as sink:
                    piece.tofile(sink)
        self.rows += len(rows)

    def sorted(self) -> Iterator[np.ndarray]:
        """Yield the rows in order, bucket by bucket, and remove the buckets."""
        for file in self.files:
            if file.exists():
                rows = np.fromfile(file, dtype=EVENT_ROW)
                file.unlink()
                yield rows[np.lexsort((rows["occurred"], rows["number"], rows["received"]))]


@contextmanager
def replaced(*targets: Path) -> Iterator[list[Path]]:
    """Folders to write into; they replace the targets only after success."""
    suffix = uuid.uuid4().hex[:8]
    fresh, old = [], []
    for target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.append(target.parent / f".{target.name}.new-{suffix}")
        old.append(target.parent / f".{target.name}.old-{suffix}")
    try:
        for folder in fresh:
            folder.mkdir()
        yield fresh
        for folder, target, aside in zip(fresh, targets, old, strict=True):
            if target.exists():
                target.rename(aside)
            folder.rename(target)
    finally:
        for folder in fresh + old:
            shutil.rmtree(folder, ignore_errors=True)
