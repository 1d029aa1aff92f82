"""Readers see whole, verified versions and nothing else, also when builds fail or are killed."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import small_warehouse as small
from harness import FORKED

from customer_success.publish import published_version

KILLS = 24


def look(folder: Path) -> set[int]:
    """Return all build numbers that a reader sees who opens everything once."""
    seen = set()
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
        for table in ("dim_households", "fct_payments"):
            rows = connection.execute(f"select build, count(*) from analytics.{table} group by 1").fetchall()
            assert [count for _, count in rows] == [small.ROWS], rows
            seen |= {build for build, _ in rows}
        seen.add(int(connection.execute("select invocation_id from publication").fetchone()[0]))
    return seen


def look_at_parquet(folder: Path) -> set[int]:
    """The same in the folder of Parquet files: a reader of several files resolves the link once."""
    version = (folder / "parquet").resolve()
    seen = set()
    for table in ("dim_households", "fct_payments"):
        file = pq.ParquetFile(version / f"{table}.parquet")
        assert file.metadata.num_rows == small.ROWS
        seen |= set(file.read(["build"])["build"].unique().to_pylist())
        seen.add(int(file.metadata.metadata[b"invocation_id"]))
    return seen


def read(folder: Path, stop, report: Path) -> None:
    """Run a reader without pauses; the report gets what it saw and each error."""
    looks, wrong, builds = 0, [], set()
    while not stop.wait(0.01):
        for way in (look, look_at_parquet):
            try:
                seen = way(folder)
            except Exception as problem:
                wrong.append(f"{type(problem).__name__}: {problem}")
                continue
            looks += 1
            builds |= seen
            if len(seen) != 1:
                wrong.append(f"mixed: {sorted(seen)}")
    report.write_text(json.dumps({"looks": looks, "wrong": wrong, "builds": sorted(builds)}))


def build_when_started(folder: Path, number: int, ready, go) -> None:
    """Run a build that publishes at the signal; the time from then to its end counts."""
    ready.set()
    go.wait()
    small.work(folder, number)


@pytest.mark.slow
def test_readers_see_whole_versions_through_success_failure_and_kills(tmp_path):
    small.build(tmp_path, 1)
    small.work(tmp_path, 1)
    stop, report = FORKED.Event(), tmp_path / "report.json"
    reader = FORKED.Process(target=read, args=(tmp_path, stop, report))
    reader.start()
    begun = time.monotonic()
    small.work(tmp_path, 1)
    usual = time.monotonic() - begun
    chance = random.Random(7)
    published, killed_before, killed_after = {1}, 0, 0
    for number in range(2, KILLS + 2):
        small.build(tmp_path, number)
        ready, go = FORKED.Event(), FORKED.Event()
        builder = FORKED.Process(target=build_when_started, args=(tmp_path, number, ready, go))
        builder.start()
        assert ready.wait(30)
        go.set()
        builder.join(chance.uniform(0, 1.7 * usual))
        builder.kill()
        builder.join()
        now = int(published_version(small.places(tmp_path))["invocation_id"])
        assert now in {number, max(published)}, "neither what there was nor what was built"
        killed_before += now != number
        killed_after += now == number
        published.add(now)
        if number % 8 == 0:  # a build that fails
            with duckdb.connect(str(tmp_path / "working.duckdb")) as connection:
                connection.execute("drop table analytics.fct_payments")
            builder = FORKED.Process(target=small.work, args=(tmp_path, number))
            builder.start()
            builder.join()
            assert builder.exitcode != 0
            assert int(published_version(small.places(tmp_path))["invocation_id"]) == now
    last = KILLS + 2
    small.build(tmp_path, last)
    small.work(tmp_path, last)
    published.add(last)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and look(tmp_path) != {last}:
        time.sleep(0.05)
    time.sleep(0.5)  # time for one more read
    stop.set()
    reader.join()
    found = json.loads(report.read_text())
    assert found["wrong"] == []
    assert set(found["builds"]) <= published
    assert last in found["builds"]
    assert found["looks"] > KILLS
    assert killed_before >= KILLS / 4, "most builds were through before they were killed"
    assert killed_after, "no build was killed after it had published"
    assert not list((tmp_path / "versions").glob("*.partial"))
    assert len(list((tmp_path / "versions").glob("0*"))) <= 2
