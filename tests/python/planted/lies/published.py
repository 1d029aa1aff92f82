"""Lies to readers: the files that they open are not those that were published."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..lie import Do, Lie, Sql

KIND = "published"
CHECK = "published files"
CURRENT = Path("warehouse/versions/current")


def edit_parquet(folder: Path) -> None:
    """Write a published Parquet file again without the worst households."""
    import duckdb

    path = (folder / CURRENT / "parquet" / "fct_customer_health.parquet").resolve()
    new = path.with_suffix(".new")
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (from read_parquet('{path}') where health_score >= 40) to '{new}' (format parquet)"
        )
    new.replace(path)


def remove_parquet(folder: Path) -> None:
    """Remove a published Parquet file."""
    (folder / CURRENT / "parquet" / "published_metrics.parquet").unlink()


def show_another_file(folder: Path) -> None:
    """Let the readers' link lead to another file."""
    link = folder / "warehouse" / "analytics.duckdb"
    shutil.copy2(link.resolve(), folder / "warehouse" / "better.duckdb")
    link.unlink()
    link.symlink_to("better.duckdb")


LIES = [
    Lie(
        "A published value is edited",
        KIND,
        (Sql("published", "update published_metrics set value = 99 where metric = 'nps'"),),
        CHECK,
    ),
    Lie(
        "The publication says that more tests passed",
        KIND,
        (Sql("published", "update publication set tests_passed = tests_passed + 1000"),),
        CHECK,
    ),
    Lie(
        "A published Parquet file is rewritten",
        KIND,
        (Do("fct_customer_health.parquet", edit_parquet),),
        CHECK,
    ),
    Lie(
        "A published Parquet file is removed", KIND, (Do("published_metrics.parquet", remove_parquet),), CHECK
    ),
    Lie("Readers are led to another file", KIND, (Do("analytics.duckdb", show_another_file),), CHECK),
]
