"""Whether the file of a raw table can be read: what DuckDB would pass over in silence is seen too."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow.parquet as pq

CHUNK_BYTES = 1 << 20


def raw_file_problem(pattern: str) -> str:
    """Say why the files that match ``pattern`` cannot be read; an empty text where they can.

    Parquet footers are parsed and the first line of CSV files decoded, whatever their size; only
    compressed CSV is read to its end. ``pattern`` is relative to the working directory and may
    hold ``*``.
    """
    path = Path(pattern)
    files = sorted(path.parent.glob(path.name)) if "*" in path.name else [path]
    for file in files:
        try:
            if file.suffix == ".parquet":
                pq.ParquetFile(file).close()
            else:
                opener = gzip.open if file.suffix == ".gz" else open
                with opener(file, "rb") as content:
                    if not content.readline().decode("utf-8").strip():
                        return f"{file}: the first line, which names the columns, is empty"
                    # Only its end says whether a compressed file is whole.
                    while file.suffix == ".gz" and content.read(CHUNK_BYTES):
                        pass
        except Exception as problem:  # whatever the reader objects to is the user's message
            return f"{file}: {problem}"
    return ""
