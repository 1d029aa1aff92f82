"""How many threads a run may use: one on small tables."""

from __future__ import annotations

from threadpoolctl import threadpool_limits

FEW_ROWS = 100_000


def suitable_threads(rows: int) -> threadpool_limits:
    """Return a context in which OpenMP and BLAS use one thread where there are few rows.

    There the threads wait for each other most of the time, and where other processes use the cores the
    waiting takes many times longer than the work. Results do not depend on it.
    """
    return threadpool_limits(1 if rows < FEW_ROWS else None)
