"""Simulated data and a company's own never share a database and a ledger.

Otherwise simulated figures would replace what readers have, or a demo would become the company's past: its
households would count as erased, its values as restated.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from customer_success.publish import UNREADABLE, Places, published_version
from customer_success.sql import sql_text

LIVE, SYNTHETIC = "live", "synthetic"
# The files of raw table meta.dataset in the order in which they are looked for, as in macro raw_files.
DATASET_FILES = {
    "dataset.parquet": "read_parquet",
    "dataset/*.parquet": "read_parquet",
    "dataset.csv": "read_csv",
    "dataset.csv.gz": "read_csv",
}


def known_datasets(places: Places, ledger: Path) -> dict[str, Path]:
    """Return what was published before, ``live`` or ``synthetic``, each with the file that shows it.

    Raises ``duckdb.IOException`` if another process has the ledger open for writing.
    """
    found = published_dataset(places)
    if ledger.exists():
        with duckdb.connect() as connection:
            connection.execute(f"attach {sql_text(ledger)} as ledger (read_only)")
            found |= dict.fromkeys(_remembered(connection), ledger)
    return found


def published_dataset(places: Places) -> dict[str, Path]:
    """Return the data set that readers have, with its file; nothing before the first publication."""
    try:
        version = published_version(places)
    except UNREADABLE:
        return {}  # the check of the published files reports it
    return {version["dataset"]: places.analytics} if version else {}


def raw_dataset(raw: Path) -> str | None:
    """Return the kind of data that the raw files state in meta.dataset; without that table they are ``live``.

    None if its file cannot be read: dbt reports that, together with the contract.
    """
    for pattern, reader in DATASET_FILES.items():
        files = [str(file) for file in (raw / "meta").glob(pattern)]
        if files:
            try:
                with duckdb.connect() as connection:
                    (kind,) = connection.execute(f"select max(kind) from {reader}(?)", [files]).fetchone()
            except duckdb.Error:
                return None
            return SYNTHETIC if kind == SYNTHETIC else LIVE
    return LIVE


def mixture_problem(dataset: str | None, known: Mapping[str, Path]) -> str:
    """Return why data of a kind must not be built onto what is known; an empty text where they may."""
    if dataset == SYNTHETIC and LIVE in known:
        return (
            f"The data are simulated, and {known[LIVE]} has publications of live data."
            " Build them elsewhere: set CS_DATABASE and CS_LEDGER."
        )
    if dataset == LIVE and known and LIVE not in known:
        return (
            f"The data are live, and {known[SYNTHETIC]} has publications of simulated data."
            " Run `make forget-demo`, or set CS_DATABASE and CS_LEDGER."
        )
    return ""


def _remembered(connection: duckdb.DuckDBPyConnection) -> list[str]:
    try:
        rows = connection.execute(
            "select distinct dataset from ledger.ledger.published_metric_values"
        ).fetchall()
    except duckdb.CatalogException:  # a ledger into which nothing has been published yet
        return []
    return [dataset for (dataset,) in rows]
