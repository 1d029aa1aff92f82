"""Builds that do not start: no such folder, no such date, data that must not mix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from customer_success import build as build_command
from customer_success.building.arguments import dbt_command
from customer_success.building.datasets import LIVE, SYNTHETIC, known_datasets, mixture_problem, raw_dataset
from customer_success.building.forget_demo import forget_demo
from customer_success.building.refusals import Refused, raw_folder_problem
from customer_success.building.wants_demo import main as demo_status
from customer_success.building.wants_demo import wants_demo
from customer_success.publish import Places
from customer_success.sql import sql_text

ODD = "my raw data, 'as it came'"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """An empty working directory whose path has spaces and quotes."""
    folder = tmp_path / "it's here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("CS_DATABASE", "CS_LEDGER", "CS_PUBLISHED"):
        monkeypatch.delenv(name, raising=False)
    return folder


def write_raw(folder: Path, kind: str | None = None) -> Path:
    """Minimal raw data: a table, and the kind of the data set."""
    tables = {"app/households": {"id": ["h1"]}}
    if kind:
        tables["meta/dataset"] = {"name": ["d"], "kind": [kind]}
    for name, columns in tables.items():
        file = folder / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), file)
    return folder


def write_ledger(file: Path, *datasets: str) -> Path:
    """A ledger with one published value of each kind of data."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(file)} as ledger")
        connection.execute("create schema ledger.ledger")
        connection.execute("create table ledger.ledger.published_metric_values (dataset varchar)")
        for dataset in datasets:
            connection.execute("insert into ledger.ledger.published_metric_values values (?)", [dataset])
    return file


def write_published(places: Places, dataset: str) -> None:
    places.published.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(places.analytics)) as connection:
        connection.execute(f"create table publication as select {sql_text(dataset)} as dataset")


def no_dbt(*_) -> int:
    raise AssertionError("dbt was started")


def refused(monkeypatch, capsys, *arguments: str) -> str:
    """Call the build command, which must end before dbt starts; return the line that it prints."""
    monkeypatch.setattr(build_command, "run_dbt", no_dbt)
    assert build_command.main(list(arguments)) == build_command.REFUSED
    (line,) = capsys.readouterr().out.splitlines()
    return line


# --- the folder of the raw files ----------------------------------------------------------------------


def test_a_folder_that_is_not_there_stops_with_one_line(here, monkeypatch, capsys):
    assert "There is no folder typo" in refused(monkeypatch, capsys, "--raw", "typo")
    assert not (here / "typo").exists()


def test_a_folder_without_a_raw_table_stops_with_one_line(here, monkeypatch, capsys):
    (here / "empty" / "app").mkdir(parents=True)
    (here / "empty" / "README.md").write_text("x")
    assert "There is no raw table" in refused(monkeypatch, capsys, "--raw", "empty")


@pytest.mark.parametrize("file", ["a/t.parquet", "a/t/part-1.parquet", "a/t.csv", "a/t.csv.gz"])
def test_a_folder_with_a_raw_table_is_a_folder_of_raw_data(here, file):
    path = here / ODD / file
    path.parent.mkdir(parents=True)
    path.write_text("x")
    assert raw_folder_problem(ODD) == ""


def test_connectors_need_no_folder():
    assert raw_folder_problem("") == ""


# --- the demo -----------------------------------------------------------------------------------------


@pytest.fixture
def usual(here) -> tuple[Places, Path]:
    return Places.from_environment({}), here / "warehouse" / "ledger.duckdb"


def test_a_demo_replaces_data_on_the_first_build_only(here, usual):
    raw = Path("data/raw")
    assert wants_demo(raw, *usual), "it is not there"
    (here / raw).mkdir(parents=True)
    assert wants_demo(raw, *usual) and wants_demo(here / raw, *usual), "it is empty"
    write_ledger(usual[1], SYNTHETIC)
    assert wants_demo(raw, *usual), "only demos were built"
    write_raw(here / raw)
    assert not wants_demo(raw, *usual), "there are data"


def test_no_other_folder_is_filled_with_a_demo(usual):
    assert not wants_demo(Path("typo"), *usual)


def test_a_link_to_a_disk_that_is_not_mounted_is_not_filled(here, usual):
    (here / "data").mkdir()
    (here / "data" / "raw").symlink_to(here / "not mounted")
    assert not wants_demo(Path("data/raw"), *usual)


def test_no_demo_where_live_data_were_published(usual):
    places, ledger = usual
    write_ledger(ledger, SYNTHETIC, LIVE)
    assert not wants_demo(Path("data/raw"), *usual)
    ledger.unlink()
    write_published(places, LIVE)
    assert not wants_demo(Path("data/raw"), *usual), "readers have them, whatever became of the ledger"


# --- live and simulated data --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SYNTHETIC, None, "something"])
def test_raw_files_have_a_kind(here, kind):
    assert raw_dataset(write_raw(here / ODD, kind)) == (SYNTHETIC if kind == SYNTHETIC else LIVE)


def test_an_unreadable_file_has_no_kind(here):
    file = write_raw(here / ODD, SYNTHETIC) / "meta" / "dataset.parquet"
    file.write_bytes(b"PAR1")
    assert raw_dataset(here / ODD) is None


@pytest.mark.parametrize(
    ("dataset", "known", "says"),
    [
        (SYNTHETIC, (LIVE,), "publications of live data"),
        (SYNTHETIC, (LIVE, SYNTHETIC), "publications of live data"),
        (LIVE, (SYNTHETIC,), "make forget-demo"),
        (LIVE, (LIVE,), ""),
        (LIVE, (LIVE, SYNTHETIC), ""),
        (SYNTHETIC, (SYNTHETIC,), ""),
        (LIVE, (), ""),
        (SYNTHETIC, (), ""),
        (None, (LIVE,), ""),
    ],
)
def test_what_may_be_built_onto_what(dataset, known, says):
    message = mixture_problem(dataset, dict.fromkeys(known, Path("ledger.duckdb")))
    assert says in message and bool(says) == bool(message)


def test_simulated_data_are_never_built_onto_live_ones(here, usual, monkeypatch, capsys):
    write_raw(here / ODD, SYNTHETIC)
    write_ledger(usual[1], LIVE)
    assert "publications of live data" in refused(monkeypatch, capsys, "--raw", ODD)
    usual[1].unlink()
    write_published(usual[0], LIVE)
    assert "publications of live data" in refused(monkeypatch, capsys, "--raw", ODD)


def test_live_data_after_a_demo_get_a_remedy(here, usual, monkeypatch, capsys):
    write_raw(here / ODD)
    write_ledger(usual[1], SYNTHETIC)
    assert "make forget-demo" in refused(monkeypatch, capsys, "--raw", ODD)
    forget_demo(*usual)
    assert known_datasets(*usual) == {}


def test_only_a_demo_is_forgotten(usual):
    places, ledger = usual
    write_ledger(ledger, SYNTHETIC)
    write_published(places, LIVE)
    assert forget_demo(places, ledger) == [] and ledger.exists() and places.analytics.exists()


def test_all_of_a_demo_is_forgotten_but_its_raw_data(here, usual):
    places, ledger = usual
    raw = write_raw(here / "data" / "raw", SYNTHETIC)
    write_ledger(ledger, SYNTHETIC)
    write_published(places, SYNTHETIC)
    duckdb.connect(str(places.database)).close()
    places.versions.mkdir()
    places.current.symlink_to("000001")
    places.parquet.symlink_to("versions/current/parquet")
    assert {path.name for path in forget_demo(places, ledger)} == {
        *("working.duckdb", "ledger.duckdb", "analytics.duckdb", "parquet", "versions")
    }
    assert raw_folder_problem(str(raw)) == ""


# --- dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-6-1", "20260601", "2026-W01-1", "2026-06-01T00:00", "x", " ", "２０２６-01-01"],
)
def test_what_is_no_date_says_what_a_date_is(text, monkeypatch, capsys):
    assert refused(monkeypatch, capsys, "--as-of", text).endswith("AS_OF must be YYYY-MM-DD")


def test_an_empty_date_is_none(here):
    assert dbt_command(["--as-of", ""]) == dbt_command([])
    with pytest.raises(Refused):
        dbt_command(["--as-of", "tomorrow"])


# --- files that are open elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["working.duckdb", "ledger.duckdb"])
def test_a_file_that_is_open_elsewhere_is_named_in_one_line(here, usual, name, monkeypatch, capsys):
    places, _ = usual
    write_raw(here / ODD)
    file = here / places.database.parent / name
    file.parent.mkdir(exist_ok=True)
    holder = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True);sys.stdin.read()",
            str(file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"open\n"
        monkeypatch.setattr(build_command, "run_dbt", no_dbt)
        assert build_command.main(["--raw", ODD]) == build_command.BUSY
        assert demo_status("data/raw") == (1 if name == "ledger.duckdb" else 0)
    finally:
        holder.communicate()
    (line,) = capsys.readouterr().out.splitlines()
    assert name in line and f"PID {holder.pid}" in line and "Traceback" not in line


def test_a_damaged_published_file_is_left_to_the_check_of_published_files(tmp_path):
    (tmp_path / "analytics.duckdb").write_bytes(b"no database" * 2_000)
    places = Places(tmp_path / "working.duckdb", tmp_path)
    assert known_datasets(places, tmp_path / "ledger.duckdb") == {}
