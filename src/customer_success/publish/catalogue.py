"""Which tables and columns are published, read from dbt's manifest.

A model of the schema `analytics` is published if its access is public, unless it has ``meta: {published:
false}``. Columns marked ``meta: {pii: true}`` are left out and go, with the key of their table, to the
restricted file. A text column whose name sounds personal, or is that of a personal column anywhere upstream,
needs ``pii: true`` or ``pii: false``; a column without that decision is not published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SCHEMA = "analytics"
SOUNDS_PERSONAL = re.compile(
    r"(^|_)(names?|e_?mails?|phones?|address(es)?|comments?|notes?|text|body|subject|title|message|description"
    r"|birth\w*|ip)(_|$)"
)
NEVER_PERSONAL = re.compile(r"_(id|hash|count|at|date)$")


class UnmarkedColumns(ValueError):
    """Columns whose names sound personal, without a decision in their YAML."""


@dataclass(frozen=True)
class Mart:
    """One table of the schema `analytics`: its columns by kind, the key, and its description.

    ``columns`` are public, ``personal`` are in the restricted file only.
    ``descriptions`` are by column.
    """

    name: str
    is_public: bool
    columns: tuple[str, ...]
    personal: tuple[str, ...]
    key: tuple[str, ...]
    description: str
    descriptions: dict[str, str]


def marts_of(manifest: dict) -> list[Mart]:
    """List the tables of `analytics` by name; raises `UnmarkedColumns` where a decision is missing."""
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == SCHEMA
    ]
    upstream = {
        name
        for node in manifest["nodes"].values()
        for name, column in node.get("columns", {}).items()
        if _pii(column)
    }
    unmarked = [column for model in models for column in _unmarked(model, upstream)]
    if unmarked:
        raise UnmarkedColumns(
            "These columns sound personal; mark them `config: {meta: {pii: …}}`, true or false, in YAML: "
            + ", ".join(sorted(unmarked))
        )
    keys = _keys(manifest)
    marts = [_mart(model, keys.get(model["unique_id"], ())) for model in models]
    return sorted(marts, key=lambda mart: mart.name)


def _mart(model: dict, key: tuple[str, ...]) -> Mart:
    columns = model["columns"]
    personal = tuple(name for name, column in columns.items() if _pii(column))
    if personal and not key:
        raise ValueError(f"{model['name']} has personal columns and no key with a unique test: add one")
    return Mart(
        name=model["alias"],
        is_public=model["access"] == "public" and model["config"]["meta"].get("published", True),
        columns=tuple(name for name in columns if name not in personal),
        personal=personal,
        key=key,
        description=model["description"],
        descriptions={name: column["description"] for name, column in columns.items()},
    )


def _pii(column: dict) -> bool | None:
    """Return the ``pii`` mark of a column; None where the YAML has none."""
    return column.get("config", {}).get("meta", {}).get("pii")


def _unmarked(model: dict, upstream: set[str]) -> Iterator[str]:
    """Return the columns that look personal and have no ``pii`` mark."""
    for name, column in model["columns"].items():
        is_text = (column["data_type"] or "varchar").lower() in {"varchar", "text", "string", "json"}
        sounds = SOUNDS_PERSONAL.search(name) and not NEVER_PERSONAL.search(name)
        if _pii(column) is None and (name in upstream or (is_text and sounds)):
            yield f"{model['name']}.{name}"


def _keys(manifest: dict) -> dict[str, tuple[str, ...]]:
    """Key columns by model: the column tested as unique, else those tested as unique together."""
    found: dict[str, tuple[str, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        model = node.get("attached_node")
        if test.get("name") == "unique":
            found[model] = (node["column_name"],)
        elif test.get("name") == "unique_combination":
            found.setdefault(model, tuple(test["kwargs"]["columns"]))
    return found
