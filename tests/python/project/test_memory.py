"""DuckDB releases its cache, and keeps working where it cannot."""

import duckdb
import pytest

from customer_success.memory import make_room

HELD = "select sum(memory_usage_bytes) from duckdb_memory()"


@pytest.fixture
def connection(tmp_path):
    with duckdb.connect(str(tmp_path / "cached.duckdb")) as connection:
        connection.execute("set memory_limit = '500MB'")
        connection.execute("create table numbers as select hash(range) as n from range(5000000)")
        connection.execute("checkpoint")
        connection.execute("select sum(n) from numbers").fetchone()
        yield connection


def held(connection) -> int:
    return connection.execute(HELD).fetchone()[0]


def limit(connection) -> str:
    return connection.execute("select current_setting('memory_limit')").fetchone()[0]


def test_cache_is_given_back_and_the_limit_is_as_before(connection):
    before = limit(connection)
    assert held(connection) > 30e6
    assert make_room(connection, "500MB", keep="10MB")
    assert held(connection) < 10e6
    assert limit(connection) == before


def test_nothing_happens_beside_other_models(connection):
    before = held(connection)
    assert not make_room(connection, "", keep="10MB")
    assert held(connection) == before


def test_what_cannot_be_given_back_stays(connection):
    before = limit(connection)
    connection.execute("set temp_directory = ''")
    connection.execute("create temp table unwritten as select hash(range) as n from range(5000000)")
    assert not make_room(connection, "500MB", keep="10MB")
    assert limit(connection) == before
    assert connection.execute("select count(*) from unwritten").fetchone() == (5000000,)
