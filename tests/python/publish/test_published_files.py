"""What a publication leaves in its folder, and what it refuses."""

from __future__ import annotations

import dataclasses
import stat
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import small_warehouse as small

from customer_success.publish import PublicationFailed, publish, published_version


@pytest.fixture
def folder(tmp_path) -> Path:
    small.build(tmp_path, 1, households=10)
    small.work(tmp_path, 1)
    return tmp_path


def tables(file: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name from information_schema.columns order by ordinal_position"
        ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def test_everybody_sees_marts_without_personal_columns(folder):
    assert tables(folder / "analytics.duckdb") == {
        "dim_households": ["household_id", "build"],
        "fct_payments": ["charge_id", "build"],
        "publication": list(small.ROW),
    }


def test_catalog_name_finds_the_tables(folder):
    """BI queries name `analytics.dim_households`: the catalog is called like the file, through all links."""
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from analytics.dim_households").fetchone() == (10,)
        assert connection.execute("select count(*) from dim_households").fetchone() == (10,)


def test_parquet_has_the_same_rows_and_says_of_which_build(folder):
    assert {file.stem for file in (folder / "parquet").iterdir()} == set(tables(folder / "analytics.duckdb"))
    for file in (folder / "parquet").iterdir():
        with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
            difference = connection.execute(f"from {file.stem} except all from '{file}'").fetchall()
        assert not difference
        assert pq.read_metadata(file).metadata[b"invocation_id"] == b"1"


def test_restricted_file_has_them_by_key_for_its_owner_alone(folder):
    restricted = folder / "analytics_restricted.duckdb"
    assert tables(restricted) == {
        "dim_households": ["household_id", "owner_name"],
        "dim_members_pii": ["member_id", "build", "email"],
    }
    assert stat.S_IMODE(restricted.stat().st_mode) == 0o600


def test_restricted_file_is_never_readable_by_others(tmp_path, monkeypatch):
    """Looked at while it is being written, through the eyes of the copying function."""
    from customer_success.publish import version

    small.build(tmp_path, 1, households=10)
    seen = []
    copy = version._copy

    def watching(*arguments):
        copy(*arguments)
        for file in tmp_path.rglob("analytics_restricted.duckdb*"):
            seen.append(stat.S_IMODE(file.stat().st_mode))

    monkeypatch.setattr(version, "_copy", watching)
    small.work(tmp_path, 1)
    assert seen and set(seen) == {0o600}


def test_descriptions_travel_along(folder):
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
        said = connection.execute(
            "select comment from duckdb_columns() where table_name = 'fct_payments' and column_name = 'build'"
        ).fetchone()
    assert said == ("build of fct_payments",)


def test_what_was_published_says_what_it_is(folder):
    assert published_version(small.places(folder)) == dataclasses.asdict(small.publication(1))


def test_nothing_published_has_no_version(tmp_path):
    assert published_version(small.places(tmp_path)) is None


def test_one_version_is_kept_for_slow_readers(folder):
    slow = duckdb.connect(str(folder / "analytics.duckdb"), read_only=True)
    for number in (2, 3, 4):
        small.build(folder, number, households=10)
        small.work(folder, number)
    assert slow.execute("select distinct build from dim_households").fetchall() == [(1,)]
    slow.close()
    assert sorted(path.name for path in (folder / "versions").glob("0*")) == ["000003", "000004"]


def test_the_version_kept_has_no_personal_data(folder):
    small.build(folder, 2, households=10)
    small.work(folder, 2)
    assert not (folder / "versions" / "000001" / "analytics_restricted.duckdb").exists()


def test_a_version_that_shows_an_erased_household_goes_at_once(folder):
    small.build(folder, 2, households=9)
    small.work(folder, 2)
    assert [path.name for path in (folder / "versions").glob("0*")] == ["000002"]


def test_a_version_is_kept_when_the_next_one_goes_back_in_time(folder):
    """A household that has not signed up yet is not an erased one; forward again, the same holds."""
    small.build(folder, 2, households=6, at_source=10)
    small.work(folder, 2)
    assert sorted(path.name for path in (folder / "versions").glob("0*")) == ["000001", "000002"]
    small.build(folder, 3, households=10)
    small.work(folder, 3)
    assert sorted(path.name for path in (folder / "versions").glob("0*")) == ["000002", "000003"]


def test_an_erasure_is_seen_when_the_next_version_goes_back_in_time(folder):
    small.build(folder, 2, households=6, at_source=9)
    small.work(folder, 2)
    assert [path.name for path in (folder / "versions").glob("0*")] == ["000002"]


def test_what_killed_builds_left_is_removed(folder):
    (folder / "versions" / "000002.partial" / "parquet").mkdir(parents=True)
    small.work(folder, 2)
    assert not list((folder / "versions").glob("*.partial"))


def test_a_table_that_is_missing_stops_the_publication(folder):
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute("drop table analytics.fct_payments")
    with pytest.raises(duckdb.CatalogException):
        small.work(folder, 2)
    assert published_version(small.places(folder))["invocation_id"] == "1"


@pytest.mark.parametrize("planted", ["personal column", "lost rows", "open to others"])
def test_a_version_that_is_not_what_was_built_is_not_shown(folder, monkeypatch, planted):
    """Each look of the audit has something that it must refuse."""
    from customer_success.publish import version

    write = version._write_restricted

    def wrong(partial, database, marts):
        write(partial, database, marts)
        if planted == "open to others":
            (partial / "analytics_restricted.duckdb").chmod(0o644)
            return
        with duckdb.connect(str(partial / "analytics.duckdb")) as connection:
            if planted == "lost rows":
                connection.execute("delete from fct_payments where charge_id = 'k3'")
            else:
                connection.execute("alter table dim_households add column owner_name varchar")

    monkeypatch.setattr(version, "_write_restricted", wrong)
    with pytest.raises(PublicationFailed):
        publish(small.places(folder), small.MARTS, small.publication(2))
    assert published_version(small.places(folder))["invocation_id"] == "1"
