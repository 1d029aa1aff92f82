"""The command behind `make build`: its dbt command, and its summary."""

from __future__ import annotations

import json

from customer_success.build import dbt_command, read_summary


def variables(arguments: list[str]) -> dict:
    command = dbt_command(arguments)
    return json.loads(command[command.index("--vars") + 1])


def test_raw_folder_and_date_become_vars():
    assert variables([]) == {"raw_data_path": "data/raw"}
    assert variables(["--raw", "x", "--as-of", "2026-01-31"]) == {
        "raw_data_path": "x",
        "as_of_date": "2026-01-31",
    }


def test_connectors_have_no_raw_folder():
    assert variables(["--raw", ""]) == {"raw_data_path": ""}


def test_other_arguments_go_to_dbt():
    assert dbt_command(["--select", "dim_households+"])[-2:] == ["--select", "dim_households+"]


def test_summary_is_read_from_the_tables(warehouse, warehouse_database):
    summary = read_summary(warehouse_database)
    assert summary.households == warehouse.value("select count(*) from analytics.dim_households")
    assert summary.events == warehouse.value("select count(*) from analytics.fct_events")
    assert sum(summary.quarantined.values()) > 0
    assert summary.unreconciled == 0
    assert summary.dataset == "synthetic"
