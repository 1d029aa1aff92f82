"""Values within SQL where DuckDB takes no parameters: ATTACH, COPY, COMMENT."""

from __future__ import annotations


def sql_text(value: object) -> str:
    """Return a value as a text literal, so that a path may hold spaces and quotes."""
    return "'" + str(value).replace("'", "''") + "'"
