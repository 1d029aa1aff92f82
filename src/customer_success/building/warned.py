"""What dbt's tests found that is worth a word and no reason to stop: row by row, with what to do."""

from __future__ import annotations

from pathlib import Path

import duckdb

from customer_success.publish.gate import Problem

SHOWN = 20  # rows of one test


def warned_tests(database: Path, manifest: dict, run_results: dict) -> list[Problem]:
    """Return a problem per row that a test of severity warn has found, at most SHOWN of each test.

    dbt counts such rows and does not show them. ``manifest`` and ``run_results`` are its artifacts; the tests
    are asked again, in the working database, read-only.
    """
    warned = [
        result
        for result in run_results["results"]
        if result["status"] == "warn" and result["unique_id"].startswith("test.")
    ]
    if not warned:
        return []
    found = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for result in warned:
            node = manifest["nodes"][result["unique_id"]]
            rows = connection.execute(result["compiled_code"])
            columns = [column[0] for column in rows.description]
            for row in rows.fetchmany(SHOWN):
                said = ", ".join(f"{name} {value}" for name, value in zip(columns, row, strict=True))
                found.append(Problem(node["name"], "warn", said, node["original_file_path"]))
    return found
