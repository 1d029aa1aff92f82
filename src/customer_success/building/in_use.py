"""Files that a build cannot open because another process has them open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from customer_success.publish.locking import Busy, open_elsewhere


@contextmanager
def open_elsewhere_is_busy() -> Iterator[None]:
    """Raise `Busy`, which names file and process, where DuckDB finds a file open in another process."""
    try:
        yield
    except duckdb.IOException as problem:
        message = open_elsewhere(problem)
        if not message:
            raise
        raise Busy(f"{message}. Close it there, then build again.") from None


def refuse_if_open(files: Iterable[Path]) -> None:
    """Raise `Busy` if a build could not write to one of the files. A missing file is free.

    A file that is no database is not in use; the checks that read it report it.
    """
    for file in files:
        if file.exists():
            with suppress(duckdb.Error), open_elsewhere_is_busy():
                duckdb.connect(str(file)).close()
