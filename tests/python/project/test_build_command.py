"""The command behind `make build`: its dbt command, and its summary."""

from __future__ import annotations

from customer_success.build import dbt_command, read_summary


def test_raw_folder_and_date_are_no_vars():
    """With other vars dbt parses the project again."""
    command, told = dbt_command(["--raw", "x", "--as-of", "2026-01-31"])
    assert told == {"CS_RAW_DATA_PATH": "x", "CS_AS_OF_DATE": "2026-01-31"}
    assert command == dbt_command([])[0]


def test_a_build_without_a_date_has_none_of_the_caller_s_environment():
    assert dbt_command([])[1] == {"CS_RAW_DATA_PATH": "data/raw", "CS_AS_OF_DATE": ""}


def test_connectors_have_no_raw_folder():
    assert dbt_command(["--raw", ""])[1]["CS_RAW_DATA_PATH"] == ""


def test_other_arguments_go_to_dbt():
    assert dbt_command(["--select", "dim_households+"])[0][-2:] == ["--select", "dim_households+"]


def test_summary_is_read_from_the_tables(warehouse, warehouse_database):
    summary = read_summary(warehouse_database)
    assert summary.households == warehouse.value("select count(*) from analytics.dim_households")
    assert summary.events == warehouse.value("select count(*) from analytics.fct_events")
    assert sum(summary.quarantined.values()) > 0
    assert summary.unreconciled == 0
    assert summary.dataset == "synthetic"
