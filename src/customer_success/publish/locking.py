"""One build at a time on one working database, and the process that holds a file that DuckDB cannot open."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 2.0  # within this time the dbt of a killed build ends too
BUSY = 75  # exit status of a command that finds a file busy; in sysexits.h a temporary failure: try again


# DuckDB's message on a file that another process has open.
_LOCKED = re.compile(
    r'Could not set lock on file "(?P<file>.*?)"(?:: Conflicting lock is held in (?P<by>.*?\)))?'
)


class Busy(RuntimeError):
    """Another process holds the lock."""


def open_elsewhere(problem: Exception) -> str | None:
    """Return `FILE is open in another process, PROGRAM (PID 1)` if that is why DuckDB failed; else None."""
    found = _LOCKED.search(str(problem))
    if not found:
        return None
    by = f", {found['by']}" if found["by"] else ""
    return f"{found['file']} is open in another process{by}"


@contextmanager
def lock(file: Path, what: str, patience: float | None = None) -> Iterator[None]:
    """Hold ``file`` locked; raises `Busy`, which names the holder, if it is not free within ``patience`` s
    (left out: `PATIENCE_SECONDS`).

    The operating system releases the lock when the process ends, for any reason, so no lock is ever
    left behind; the process id in the file is only for the message.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(handle, file, what, PATIENCE_SECONDS if patience is None else patience)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, file: Path, what: str, patience: float) -> None:
    """Lock an open file, trying for ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 20, 0).decode() or "unknown"
                raise Busy(f"{what} (process {holder} holds {file}). Wait for it to end.") from None
            time.sleep(0.05)
