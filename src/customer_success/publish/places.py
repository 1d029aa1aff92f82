"""Paths of the working database, the ledger, the published files and their versions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ANALYTICS, RESTRICTED, PARQUET = "analytics.duckdb", "analytics_restricted.duckdb", "parquet"
DEFAULT_DATABASE, DEFAULT_LEDGER = "warehouse/working.duckdb", "warehouse/ledger.duckdb"


def memory_limit(environment: Mapping[str, str] = os.environ) -> str:
    """Return how much memory DuckDB may take, as in `profiles.yml`."""
    return environment.get("CS_MEMORY_LIMIT", "6GB")


def ledger_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the file of the ledger, as in `profiles.yml`."""
    return Path(environment.get("CS_LEDGER", DEFAULT_LEDGER))


@dataclass(frozen=True)
class Places:
    """Paths of one warehouse: ``database`` is written to by builds, ``published`` is the folder of readers.

    The three names that readers know are links through ``versions/current``, so that one rename swaps all of
    them. DuckDB names a catalog after the file that a link leads to: each version calls its files the same.
    """

    database: Path
    published: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Places:
        """Read ``CS_DATABASE`` and ``CS_PUBLISHED``.

        Without the latter ``working.duckdb`` is published into its own folder and any other database into a
        folder of its name, so that an experiment never replaces what readers have.
        """
        database = Path(environment.get("CS_DATABASE", DEFAULT_DATABASE))
        beside = database.parent if database.stem == "working" else database.with_suffix("")
        return cls(database, Path(environment.get("CS_PUBLISHED", beside)))

    @property
    def versions(self) -> Path:
        return self.published / "versions"

    @property
    def current(self) -> Path:
        return self.versions / "current"

    @property
    def analytics(self) -> Path:
        return self.published / ANALYTICS

    @property
    def restricted(self) -> Path:
        return self.published / RESTRICTED

    @property
    def parquet(self) -> Path:
        return self.published / PARQUET

    @property
    def build_lock(self) -> Path:
        return self.database.with_name(self.database.name + ".lock")
