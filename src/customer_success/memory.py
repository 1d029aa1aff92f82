"""Memory for Python models, which share a process with DuckDB."""

from __future__ import annotations

import duckdb

KEPT = "1GB"


def make_room(connection: duckdb.DuckDBPyConnection, limit: str, keep: str = KEPT) -> bool:
    """Let DuckDB release memory of tables that were read before; return whether it did.

    DuckDB fills its memory up to ``limit`` (as in 'set memory_limit', say 6GB), and Python's comes on top. An
    empty limit means that other models are built at the same time, whose queries would fail under the lower
    one: then nothing is done. Nothing is lost where DuckDB cannot go down to ``keep``.
    """
    if not limit:
        return False
    try:
        connection.execute(f"set memory_limit = '{keep}'")
    except duckdb.OutOfMemoryException:
        return False
    finally:
        connection.execute(f"set memory_limit = '{limit}'")
    return True
