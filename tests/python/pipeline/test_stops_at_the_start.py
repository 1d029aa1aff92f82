"""Plain dbt stops before the first model: no raw data, no such date, data that must not mix."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest
from harness import END, RawFolder, Run, Sandbox

from customer_success.building.datasets import LIVE, SYNTHETIC
from customer_success.sql import sql_text

PART = ("build", "--select", "dim_dates", "--exclude-resource-type", "test", "unit_test")


def stopped(run: Run) -> str:
    """dbt's output of a run that must not begin."""
    assert run.exit_code != 0
    assert " START sql " not in run.output and "Traceback" not in run.output
    return run.output


def remember(sandbox: Sandbox, dataset: str) -> Sandbox:
    """Give the ledger a value that was published from live or simulated data."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(sandbox.ledger)} as ledger")
        connection.execute("delete from ledger.ledger.published_metric_values")
        connection.execute(
            "insert into ledger.ledger.published_metric_values by name select 'nps' as metric, ? as dataset",
            [dataset],
        )
    return sandbox


@pytest.mark.parametrize("file", [None, "README/of.parquet"])
def test_a_folder_without_a_raw_table_of_the_contract(project, tmp_path, file):
    raw = tmp_path / "raw"
    raw.mkdir()
    if file:
        (raw / file).parent.mkdir()
        (raw / file).write_text("x")
    assert "There is no raw table" in stopped(Sandbox(project, tmp_path / "sandbox", raw).dbt(*PART))


def test_a_folder_that_is_not_there(project, small_raw, tmp_path):
    sandbox = Sandbox(project, tmp_path / "sandbox", small_raw)
    (sandbox.folder / "data" / "raw").unlink()
    assert "There is no folder data/raw" in stopped(sandbox.dbt(*PART))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("as_of", "says"),
    [
        (str(END + timedelta(days=1)), f"is later than the last complete day of the raw data, {END}"),
        ("2026-02-30", "AS_OF must be YYYY-MM-DD"),
        ("2026-6-1", "AS_OF must be YYYY-MM-DD"),
    ],
)
def test_a_date_that_cannot_be(warehouse, tmp_path, as_of, says):
    assert says in stopped(warehouse.copy(tmp_path / "sandbox").dbt(*PART, as_of=as_of))


def test_simulated_data_are_not_built_onto_live_ones(warehouse, tmp_path):
    sandbox = remember(warehouse.copy(tmp_path / "sandbox"), LIVE)
    assert "publications of live data" in stopped(sandbox.dbt(*PART))


def test_live_data_are_not_built_onto_a_demo(warehouse, small_raw, tmp_path):
    raw = RawFolder.copy_of(small_raw, tmp_path / "raw")
    raw.remove("meta.dataset")
    sandbox = remember(warehouse.copy(tmp_path / "sandbox", raw.folder), SYNTHETIC)
    assert "make forget-demo" in stopped(sandbox.dbt(*PART))


def test_more_of_the_same_is_built_wherever_it_lies(warehouse, tmp_path):
    """A folder whose path has quotes: raw files are read again, a seed is loaded, the ledger attached."""
    sandbox = remember(warehouse.copy(tmp_path / "it's a 'sandbox'"), SYNTHETIC)
    part = "dim_dates plans stg_app__pets"
    sandbox.dbt("build", "--select", part, "--exclude-resource-type", "unit_test").must_succeed()
    assert sandbox.value("select count(*) from staging.stg_app__pets") > 0
