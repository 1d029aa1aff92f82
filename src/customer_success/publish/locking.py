"""One build at a time on one working database."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 2.0  # a build that was killed a moment ago takes its dbt along within this time
BUSY = 75  # exit status of a command that finds a file busy; in sysexits.h a temporary failure: try again


class Busy(RuntimeError):
    """Somebody else holds the lock."""


@contextmanager
def lock(file: Path, what: str, patience: float | None = None) -> Iterator[None]:
    """Hold ``file`` locked; raises `Busy`, which names the holder, if it is not free within ``patience`` s
    (left out: `PATIENCE_SECONDS`).

    The operating system gives the lock back when the process ends, in whatever way, so that none is ever
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
