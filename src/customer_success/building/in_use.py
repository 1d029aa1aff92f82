"""Files that another process has open for writing, or that a build cannot open because it has them open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from customer_success.publish import Busy

LOCKED = re.compile(
    r'Could not set lock on file "(?P<file>.*?)"(?:: Conflicting lock is held in (?P<by>.*?\)))?'
)


@contextmanager
def open_elsewhere_is_busy() -> Iterator[None]:
    """Raise `Busy`, which names file and process, where DuckDB finds a file open in another process."""
    try:
        yield
    except duckdb.IOException as problem:
        found = LOCKED.search(str(problem))
        if not found:
            raise
        holder = f" in {found['by']}" if found["by"] else " in another process"
        raise Busy(f"{found['file']} is open{holder}. Close it there, then build again.") from None


def refuse_if_open(files: Iterable[Path]) -> None:
    """Raise `Busy` if a build could not write to one of the files. One that is not there yet is free.

    A file that is no database is not in use; what it is instead, the checks that read it say.
    """
    for file in files:
        if file.exists():
            with suppress(duckdb.Error), open_elsewhere_is_busy():
                duckdb.connect(str(file)).close()
