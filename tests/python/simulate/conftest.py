"""One small data set for all tests of the simulator, opened with DuckDB."""

from dataclasses import replace
from datetime import date

import duckdb
import pytest
from landed_company import opened

from customer_success.simulate.parameters import CONNECTORS, Config
from customer_success.simulate.run import generate


@pytest.fixture(scope="session")
def config() -> Config:
    return Config(households=700, days=420, seed=11, end_date=date(2026, 3, 31))


@pytest.fixture(scope="session")
def folder(config, tmp_path_factory):
    base = tmp_path_factory.mktemp("simulated")
    generate(config, base / "raw", base / "truth")
    return base


@pytest.fixture(scope="session")
def db(folder):
    connection = duckdb.connect()
    for file in sorted((folder / "raw").glob("*/*.parquet")):
        connection.execute(f"create schema if not exists {file.parent.name}")
        connection.execute(f"create view {file.parent.name}.{file.stem} as select * from '{file}'")
    connection.execute("create schema truth")
    for file in sorted((folder / "truth").glob("*.parquet")):
        connection.execute(f"create view truth.{file.stem} as select * from '{file}'")
    return connection


@pytest.fixture(scope="session")
def landed_folder(config, tmp_path_factory):
    """The company of `folder` as connectors land it."""
    base = tmp_path_factory.mktemp("landed")
    generate(replace(config, shape=CONNECTORS), base / "raw", base / "truth")
    return base


@pytest.fixture(scope="session")
def landed(landed_folder, folder):
    return opened(landed_folder, folder)
