"""Each macro is called and each var is read: unused ones are deleted."""

from __future__ import annotations

import re

import yaml
from harness import REPOSITORY

CODE = {".sql", ".yml", ".py"}
FOLDERS = ("macros", "models", "python_models", "seeds", "tests/generic", "tests/singular", "analyses", "src")
# dbt calls them by their names.
CALLED_BY_DBT = ("duckdb__", "get_incremental_", "generate_")


def texts() -> dict[str, str]:
    """Text of each file of the project that may call something, by its path."""
    files = [file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*") if file.suffix in CODE]
    found = {str(file.relative_to(REPOSITORY)): file.read_text(encoding="utf-8") for file in files}
    project = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))
    return found | {"dbt_project.yml": yaml.safe_dump({k: v for k, v in project.items() if k != "vars"})}


def unused(names: dict[str, str], texts: dict[str, str]) -> list[str]:
    """Return the names that occur only in the file that defines them."""
    return [
        name
        for name, home in names.items()
        if not any(re.search(rf"\b{name}\b", text) for file, text in texts.items() if file != home)
    ]


def test_each_macro_is_called():
    macros = {file.stem: str(file.relative_to(REPOSITORY)) for file in (REPOSITORY / "macros").rglob("*.sql")}
    own = {name: home for name, home in macros.items() if not name.startswith(CALLED_BY_DBT)}
    assert unused(own, texts()) == []


def test_each_var_is_read():
    variables = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    assert unused(dict.fromkeys(variables, ""), texts()) == []


def test_an_unused_name_is_found():
    files = {"a.sql": "macro a calls a", "b.sql": "{{ c() }}"}
    assert unused({"a": "a.sql", "c": "c.sql", "macro": "b.sql"}, files) == ["a"]
