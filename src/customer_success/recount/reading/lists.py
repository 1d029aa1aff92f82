"""Lists of the project that are facts and no rules: what connectors write, and the company's regions."""

from __future__ import annotations

import csv
from functools import cache

from customer_success.recount.households.seeds import SEEDS


@cache
def connector_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a raw table ("source.table") in the order in which its connector writes them."""
    with (SEEDS.parent / "raw" / "connector_columns.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(
            row["column_name"]
            for row in csv.DictReader(rows)
            if f"{row['source_name']}.{row['table_name']}" == table
        )


def regions() -> tuple[str, ...]:
    """Return the regions of the company in their spelling."""
    with (SEEDS / "customers" / "regions.csv").open(encoding="utf-8", newline="") as rows:
        return tuple(row["region"] for row in csv.DictReader(rows))
