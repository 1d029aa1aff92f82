"""The files of a publication, and versions that are rejected."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
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


def test_readers_see_marts_without_personal_columns(folder):
    assert tables(folder / "analytics.duckdb") == {
        "dim_households": ["household_id", "build"],
        "fct_payments": ["charge_id", "build"],
        "publication": list(small.ROW),
        "publication_files": list(small.FILES),
    }


def test_catalog_name_finds_the_tables(folder):
    """BI queries name `analytics.dim_households`: the catalog is called like the file, through all links."""
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from analytics.dim_households").fetchone() == (10,)
        assert connection.execute("select count(*) from dim_households").fetchone() == (10,)


def test_parquet_has_the_same_rows_and_names_its_build(folder):
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
    """Checked while it is being written, from within the copying function."""
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
        expected = connection.execute(
            "select comment from duckdb_columns() where table_name = 'fct_payments' and column_name = 'build'"
        ).fetchone()
    assert expected == ("build of fct_payments",)


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


def plant(partial: Path, planted: str) -> None:
    """Change a version that was just written in a way that its audit must notice."""
    restricted, parquet = partial / "analytics_restricted.duckdb", partial / "parquet"
    if planted == "open to others":
        restricted.chmod(0o644)
    elif planted == "extra Parquet":
        shutil.copy2(parquet / "fct_payments.parquet", parquet / "fct_more.parquet")
    elif planted == "Parquet edited":
        file = parquet / "fct_payments.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table t as from '{file}'")
            connection.execute("update t set build = 7 where charge_id = 'k3'")
            connection.execute(f"copy t to '{file}' (format parquet)")
    else:
        sql = {
            "personal column": "alter table dim_households add column owner_name varchar",
            "lost rows": "delete from fct_payments where charge_id = 'k3'",
            "one value": "update fct_payments set build = 7 where charge_id = 'k3'",
            "publication row": "update publication set tests_passed = 900",
            "restricted value": "update dim_households set owner_name = 'x' where household_id = 'k1'",
        }[planted]
        file = restricted if planted == "restricted value" else partial / "analytics.duckdb"
        with duckdb.connect(str(file)) as connection:
            connection.execute(sql)


@pytest.mark.parametrize(
    ("planted", "expected"),
    [
        ("personal column", "tables or columns are not those of the contracts"),
        (
            "lost rows",
            "fct_payments: 9 rows, 10 in the working database; fct_payments: 9 rows, 10 in Parquet",
        ),
        ("one value", "fct_payments: 10 rows, of which some have other values in the working database"),
        ("Parquet edited", "fct_payments: 10 rows, of which some have other values in Parquet"),
        ("publication row", "publication: 1 rows, of which some have other values in Parquet; publication: "),
        ("restricted value", "dim_households: 10 rows, of which some have other values in the working"),
        ("extra Parquet", "parquet: the files are not those of the published tables"),
        ("open to others", "can be read by others"),
    ],
)
def test_a_version_that_is_not_what_was_built_is_not_shown(folder, monkeypatch, planted, expected):
    """Each check of the audit has a case that it must reject."""
    from customer_success.publish import version

    write = version._write_restricted

    def wrong(partial, database, marts):
        write(partial, database, marts)
        plant(partial, planted)

    monkeypatch.setattr(version, "_write_restricted", wrong)
    with pytest.raises(PublicationFailed) as refused:
        publish(small.places(folder), small.MARTS, small.publication(2))
    assert expected in str(refused.value)
    assert published_version(small.places(folder))["invocation_id"] == "1"


def test_a_version_names_the_hashes_of_its_tables_and_files(folder):
    """`publication_files` names all tables but itself; the manifest names all files but itself."""
    version = (folder / "versions" / "current").resolve()
    columns = tables(folder / "analytics.duckdb")
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as connection:
        rows = {name: rest for name, *rest in connection.execute("from publication_files").fetchall()}
    assert rows.keys() == {"dim_households", "fct_payments", "publication"}
    for name, (row_count, content_hash, parquet_sha256) in rows.items():
        file = version / "parquet" / f"{name}.parquet"
        assert parquet_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        assert row_count == pq.read_metadata(file).num_rows
        with duckdb.connect() as connection:
            values = connection.execute(f"select hash({', '.join(columns[name])}) from '{file}'").fetchall()
        assert int(content_hash) == sum(value for (value,) in values)
    manifest = json.loads((version / "publication.json").read_text())
    files = {path.relative_to(version).as_posix() for path in version.rglob("*") if path.is_file()}
    assert manifest["files"].keys() == files - {"publication.json"}
    for name, digest in manifest["files"].items():
        assert digest == hashlib.sha256((version / name).read_bytes()).hexdigest()


def test_the_order_of_rows_does_not_matter_and_each_value_does():
    """Rows in another order have the same hash; a repeated row, a null and a swap between columns do not."""
    from customer_success.publish.hashes import table_hash

    def of(rows: str) -> tuple:
        with duckdb.connect() as connection:
            return table_hash(connection, f"(values {rows}) as t (a, b)", ["a", "b"])

    assert of("(1, 2), (3, 4)") == of("(3, 4), (1, 2)")
    others = [
        "(1, 2), (3, 4), (3, 4)",
        "(1, 2), (3, null)",
        "(2, 1), (3, 4)",
        "(1, 4), (3, 2)",
        "(1, 2), (4, 3)",
    ]
    assert len({of(rows) for rows in [*others, "(1, 2), (3, 4)"]}) == 1 + len(others)
