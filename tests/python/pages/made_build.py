"""Databases as builds have them, with made-up rows; columns and types are those of the contracts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import yaml
from harness import REPOSITORY
from html_page import Page

from customer_success.growth import page as growth
from customer_success.journeys import page as customers
from customer_success.voice import page as voice

AS_OF = date(2026, 6, 30)
MODULES = {"customers": customers, "voice": voice, "growth": growth}
FOLDERS = ("journeys", "voice", "growth")
BESIDES = ("dim_households", "fct_customer_health")
SEEDS = REPOSITORY / "seeds" / "rules"
RULES = {"feedback_loop_rules": "voice", "journey_drop_offs": "journeys"}


@cache
def columns() -> dict[str, dict[str, str]]:
    """Types of the columns by name, by published table, as the YAML of the marts gives them."""
    found = {}
    for file in sorted((REPOSITORY / "models" / "marts").rglob("*__models.yml")):
        for model in (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("models") or []:
            if file.parent.name in FOLDERS or model["name"] in BESIDES:
                types = {column["name"]: column.get("data_type") for column in model["columns"]}
                if all(types.values()):
                    found[model["name"]] = types
    return found


@cache
def project_vars() -> dict[str, object]:
    """The vars of dbt_project.yml."""
    return yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]


@dataclass
class Made:
    """Rows by table, as dicts; a column that a row lacks is null, a table that is left out is empty.

    ``vars``: those that differ from dbt_project.yml. ``rules``: SQL that changes the tables of rules, which
    are the seeds otherwise.
    """

    rows: dict[str, list[dict]] = field(default_factory=dict)
    vars: dict[str, object] = field(default_factory=dict)
    rules: str = ""

    def write(self, file: Path) -> Path:
        """Write them to a database and return it."""
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema analytics; create schema build; create schema rules;")
            connection.execute("create table build.parameters (as_of_date date, vars json)")
            vars_ = json.dumps(project_vars() | self.vars)
            connection.execute("insert into build.parameters values (?, ?)", [AS_OF, vars_])
            for table, types in columns().items():
                listed = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
                connection.execute(f"create table analytics.{table} ({listed})")
            for table, rows in self.rows.items():
                for row in rows:
                    names = ", ".join(f'"{name}"' for name in row)
                    marks = ", ".join("?" * len(row))
                    connection.execute(
                        f"insert into analytics.{table} ({names}) values ({marks})", list(row.values())
                    )
            for table, folder in RULES.items():
                seed = str(SEEDS / folder / f"{table}.csv")
                connection.execute(f"create table rules.{table} as select * from read_csv(?)", [seed])
            connection.execute(self.rules)
        return file


def page_of(name: str, made: Made, folder: Path) -> Page:
    """The page of that name about a made-up build."""
    out = MODULES[name].render(made.write(folder / "made.duckdb"), folder / f"{name}.html")
    return Page(out.read_text(encoding="utf-8"))


def charts(page: Page, heading: str) -> str:
    """Id of the one chart under a heading of the page."""
    (found,) = [
        attributes["id"]
        for attributes in page.named("div")
        if attributes.get("class") == "chart" and attributes["aria-label"].startswith(heading)
    ]
    return found
