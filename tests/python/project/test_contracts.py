"""The tables and columns that BI uses, and the descriptions in the docs."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

CONTRACTS = Path(__file__).with_name("contracts.csv")


def contracts() -> dict[str, list[str]]:
    """Columns that must be there, by table."""
    tables = defaultdict(list)
    with CONTRACTS.open() as rows:
        for row in csv.DictReader(rows):
            tables[row["table"]].append(row["column"])
    return tables


@pytest.fixture(scope="module")
def columns(warehouse_database) -> dict[tuple[str, str], set[str]]:
    """Columns in the database, by schema and table."""
    found = defaultdict(set)
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        for schema, table, column in connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
        ).fetchall():
            found[schema, table].add(column)
    return found


@pytest.mark.parametrize("table", contracts())
def test_table_has_the_columns_of_its_contract(table, columns):
    assert set(contracts()[table]) <= columns["analytics", table]


def test_marts_are_tables_with_enforced_contracts(manifest):
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["path"].startswith("marts/") is True:
            assert node["config"]["materialized"] in {"table", "incremental"}, node["name"]
            assert node["config"]["contract"]["enforced"], node["name"]


def test_each_model_seed_and_source_is_described(manifest):
    nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
    silent = [
        node["unique_id"]
        for node in nodes
        if node["resource_type"] in {"model", "seed", "source"} and not node["description"]
    ]
    assert silent == []


def test_each_column_in_the_database_is_described(manifest, columns):
    silent = []
    for node in manifest["nodes"].values():
        if node["resource_type"] in {"model", "seed"}:
            described = {name.lower() for name, column in node["columns"].items() if column["description"]}
            there = columns[node["schema"], node["alias"]]
            assert there, f"{node['name']} is not in the database"
            silent += [f"{node['name']}.{column}" for column in there - described]
    assert silent == []


def test_a_models_description_begins_with_its_grain(manifest):
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["description"].startswith("One row"), node["name"]


def test_each_model_belongs_to_a_group_with_an_owner(manifest):
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["config"]["group"] in {"data_platform", "customer_analytics"}, node["name"]
