"""The benchmark of journeys, voice and growth: readings by model, a company many times over, its aims."""

from __future__ import annotations

import sys

import duckdb
import pytest

from bench.journeys import Reading, of_models, watch
from bench.multiply import inputs_of, multiply
from bench.report import LIFECYCLE_MODEL, journeys_aims


def result(name: str, begin: str, end: str) -> dict:
    minute = "1970-01-01T00:00:"
    step = {"name": "execute", "started_at": f"{minute}{begin}Z", "completed_at": f"{minute}{end}Z"}
    return {
        "unique_id": f"model.customer_success.{name}",
        "timing": [{"name": "compile"}, step],
        "execution_time": float(end) - float(begin),
    }


def test_a_model_has_what_was_read_while_it_ran():
    readings = [Reading(1, 0.5, 10.0), Reading(3, 2.0, 11.0), Reading(5, 1.0, 14.0), Reading(7, 3.0, 20.0)]
    found = of_models([result("short", "05.1", "05.2"), result("long", "01.5", "05.0")], readings)
    assert found == [
        {"model": "long", "seconds": 3.5, "cpu_seconds": 4.0, "peak_gb": 2.0},
        {"model": "short", "seconds": 0.1, "cpu_seconds": None, "peak_gb": None},
    ]


def test_a_process_is_read_on_the_way(tmp_path):
    code = "import time; kept = bytearray(200_000_000); time.sleep(.4)"
    found = watch([sys.executable, "-c", code], tmp_path / "log", {})
    assert found.seconds > 0.4 and found.peak_gb > 0.15
    assert max(reading.gb for reading in found.readings) > 0.15
    with pytest.raises(RuntimeError, match="no such thing"):
        watch([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path / "log", {})


def node(name: str, kind: str = "model", parents: tuple[str, ...] = (), how: str = "table") -> dict:
    return {
        "name": name,
        "alias": name,
        "schema": "main",
        "resource_type": kind,
        "config": {"materialized": how},
        "depends_on": {"nodes": list(parents)},
    }


def test_copies_are_households_of_their_own(tmp_path):
    database = tmp_path / "small.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create table homes as select 'h' || n as household_id, 'o' as owner_id from range(3) as t (n);"
            "create view users as select household_id, 'u' as user_id, 'a@x.y' as email from homes;"
            "create table days as select n as day from range(5) as t (n)"
        )
    manifest = {
        "nodes": {
            "homes": node("homes"),
            "users": node("users", how="view"),
            "days": node("days"),
            "rules": node("rules", kind="seed"),
            "first": node("first", parents=("homes", "users", "rules")),
            "second": node("second", parents=("first", "days")),
        }
    }
    inputs = inputs_of(manifest, ["first", "second"])
    assert [one["name"] for one in inputs] == ["days", "homes", "users"]
    assert multiply(database, inputs, 4, "1GB") == {"homes": 12, "users": 12}
    with duckdb.connect(str(database)) as connection:
        counts = "select count(distinct household_id), count(distinct {}) from {}"
        assert connection.execute(counts.format("owner_id", "homes")).fetchone() == (12, 1)
        assert connection.execute(counts.format("email", "users")).fetchone() == (12, 4)
        joined = "select count(*) from homes join users using (household_id)"
        assert connection.execute(joined).fetchone() == (12,)
        assert connection.execute("select count(*) from days").fetchone() == (5,)


def test_each_aim_can_be_missed():
    fast = {"model_seconds": 360.0, "peak_gb": 7.9, "models": [{"model": LIFECYCLE_MODEL, "seconds": 60.0}]}
    slow = {"model_seconds": 361.0, "peak_gb": 8.0, "models": [{"model": LIFECYCLE_MODEL, "seconds": 60.5}]}
    assert [met for _, _, met in journeys_aims(fast)] == [True, True, True]
    assert [met for _, _, met in journeys_aims(slow)] == [False, False, False]
