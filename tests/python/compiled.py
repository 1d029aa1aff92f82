"""The compiled SQL of a build's models, run on tables that a test makes up."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
from harness import END, Sandbox

SCHEMAS = {"marts": "analytics", "intermediate": "intermediate", "staging": "staging"}


class Compiled:
    """Models of the shared build, as SQL on a database in memory in which tables stand for what they read."""

    def __init__(self, warehouse: Sandbox):
        folder = warehouse.folder / "target" / "compiled" / "customer_success" / "models"
        # Tests are compiled into folders that are named after their YAML file.
        files = (file for file in folder.rglob("*.sql") if ".yml" not in str(file.relative_to(folder)))
        self._files = {file.stem: file for file in files}
        self._folder = folder
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as working; set timezone = 'UTC'")
        for schema in (*SCHEMAS.values(), "rules"):
            self.connection.execute(f"create schema working.{schema}")

    def table(self, name: str, rows: list[dict], **types: str) -> None:
        """Make a table, named with its schema, of these columns and types; what a row lacks is null."""
        columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
        self.connection.execute(f"create or replace table working.{name} ({columns})")
        if rows:
            frame = pd.DataFrame(rows, columns=list(types)).astype(object)  # noqa: F841  # DuckDB reads it
            self.connection.execute(f"insert into working.{name} from frame")

    def seed(self, file: Path) -> None:
        """Make a table of a seed of rules."""
        self.connection.execute(
            f"create or replace table working.rules.{file.stem} as from read_csv('{file}', header = true)"
        )

    def run(self, model: str, as_of: date) -> str:
        """Make the table of a model as of a day and return its name."""
        file: Path = self._files[model]
        name = f"working.{SCHEMAS[file.relative_to(self._folder).parts[0]]}.{model}"
        sql = re.sub(f"date '{END}'", f"date '{as_of}'", file.read_text(encoding="utf-8"))
        self.connection.execute(f"create or replace table {name} as {sql}")
        return name

    def rows(self, name: str, order: str = "all") -> list[dict]:
        """The rows of a table."""
        return self.connection.sql(f"from {name} order by {order}").to_arrow_table().to_pylist()
