"""The vars of a build, as noted in its database."""

from __future__ import annotations

import json

import duckdb


def build_vars(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return the vars of the build by name, those of the command line included (macro effective_vars).

    Raises duckdb.Error where the database is not of a build, or of one that noted no vars.
    """
    ((vars_,),) = connection.execute("select vars from build.parameters").fetchall()
    return json.loads(vars_)
