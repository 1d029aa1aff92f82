"""Readers see what was published, or `verify` and the start of the next build report the differences."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import duckdb
import pytest
import small_warehouse as small
from rich.console import Console

from customer_success.publish import record_publication, verify
from customer_success.publish.__main__ import main
from customer_success.publish.aside import NothingToSetAside, set_aside
from customer_success.publish.verify import check_published


def publish(folder: Path, number: int) -> None:
    """Build, publish and note the publication in the ledger, as a build does."""
    small.build(folder, number, households=10)
    small.work(folder, number)
    remember(folder)


def remember(folder: Path) -> bool:
    with small.noting(folder / "ledger.duckdb") as connection:
        return record_publication(connection, small.places(folder), folder / "ledger.duckdb")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with two versions; readers see the second."""
    publish(tmp_path, 1)
    publish(tmp_path, 2)
    return tmp_path


def differences(folder: Path) -> str:
    found = verify(small.places(folder), folder / "ledger.duckdb")
    assert bool(found.message) != bool(found.differences)
    return " ".join(found.differences)


def edit(file: Path, sql: str) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)


def edit_and_die(file: Path, sql: str) -> None:
    """Change a DuckDB file in a process that ends before it writes the change into the file."""
    process = os.fork()
    if not process:
        connection = duckdb.connect(str(file))
        connection.execute("set checkpoint_threshold = '1GB'")
        connection.execute(sql)
        os._exit(0)
    os.waitpid(process, 0)


def replace_parquet(folder: Path) -> None:
    with duckdb.connect() as connection:
        file = folder / "parquet" / "fct_payments.parquet"
        connection.execute(f"create table t as select charge_id, 9 as build from '{file}'")
        connection.execute(f"copy t to '{file}' (format parquet)")


def lead_elsewhere(folder: Path) -> None:
    shutil.copytree(folder / "versions" / "000002", folder / "elsewhere")
    point(folder / "versions" / "current", folder / "elsewhere")


def point(link: Path, target: Path | str) -> None:
    link.unlink()
    link.symlink_to(target)


def own_file(folder: Path) -> None:
    content = (folder / "analytics.duckdb").read_bytes()
    (folder / "analytics.duckdb").unlink()
    (folder / "analytics.duckdb").write_bytes(content)


def link_to_copy(folder: Path) -> None:
    file = folder / "versions" / "000002" / "analytics.duckdb"
    file.rename(folder / "copy.duckdb")
    file.symlink_to(folder / "copy.duckdb")


def rewrite_manifest(folder: Path) -> None:
    """Edit a table and the manifest: only the ledger has the true hash."""
    from customer_success.publish.manifest import read_manifest, write_manifest

    version = folder / "versions" / "000002"
    row = read_manifest(version)["publication"]
    edit(version / "analytics.duckdb", "update fct_payments set build = 9 where charge_id = 'k1'")
    write_manifest(version, "000002", row)


V2 = Path("versions") / "000002"
# Changes of the published folder, and the message on each.
TAMPERED = {
    "table edited": (
        lambda f: edit(f / "analytics.duckdb", "update fct_payments set build = 9 where charge_id = 'k1'"),
        "other values in fct_payments",
    ),
    "table edited, change beside the file": (
        lambda f: edit_and_die(f / "analytics.duckdb", "update fct_payments set build = 9"),
        "analytics.duckdb.wal was not published (changes that DuckDB shows",
    ),
    "publication row edited": (
        lambda f: edit(f / "analytics.duckdb", "update publication set tests_passed = 900"),
        "other values in publication",
    ),
    "publication emptied": (
        lambda f: edit(f / "analytics.duckdb", "delete from publication"),
        "other values in publication",
    ),
    "view added": (
        lambda f: edit(f / "analytics.duckdb", "create view v as select 1 as x"),
        "other values in v",
    ),
    "comment edited": (
        lambda f: edit(f / "analytics.duckdb", "comment on table fct_payments is 'audited'"),
        "the values of its tables are the same",
    ),
    "restricted file edited": (
        lambda f: edit(f / "analytics_restricted.duckdb", "delete from dim_members_pii"),
        "other values in dim_members_pii",
    ),
    "file is no database": (lambda f: (f / V2 / "analytics.duckdb").write_text("x"), "DuckDB cannot open it"),
    "Parquet replaced": (replace_parquet, "fct_payments.parquet has the hash"),
    "Parquet removed": (
        lambda f: (f / "parquet" / "fct_payments.parquet").unlink(),
        "fct_payments.parquet is missing",
    ),
    "Parquet added": (
        lambda f: shutil.copy2(f / "parquet" / "fct_payments.parquet", f / "parquet" / "fct_more.parquet"),
        "fct_more.parquet was not published",
    ),
    "older file copied over": (
        lambda f: shutil.copy2(f / "versions" / "000001" / "analytics.duckdb", f / V2 / "analytics.duckdb"),
        "other values in dim_households, fct_payments, publication, publication_files",
    ),
    "older version shown": (
        lambda f: point(f / "versions" / "current", "000001"),
        "Readers see version 000001; published last was 000002",
    ),
    "current leads elsewhere": (lead_elsewhere, "is no published version"),
    "current is a folder": (
        lambda f: (
            (f / "versions" / "current").unlink(),
            shutil.copytree(f / V2, f / "versions" / "current"),
        ),
        "current is not the link that was published, but a folder of its own",
    ),
    "a reader's link leads elsewhere": (
        lambda f: point(f / "parquet", Path("versions") / "000001" / "parquet"),
        "leads to versions/000001/parquet",
    ),
    "a file in place of a reader's link": (
        own_file,
        "is not the link that was published, but a file of its own",
    ),
    "a link in place of a published file": (link_to_copy, "is a link, and was published as a file"),
    "manifest removed": (
        lambda f: (f / V2 / "publication.json").unlink(),
        "publication.json, which has the hashes",
    ),
    "manifest made to fit": (rewrite_manifest, "and the ledger has"),
    "ledger emptied": (
        lambda f: edit(f / "ledger.duckdb", "delete from ledger.ledger.published_files"),
        "has no publication of version 000002",
    ),
    "ledger is no database": (lambda f: (f / "ledger.duckdb").write_text("x"), "cannot be read"),
}


def test_an_unchanged_version_gives_one_line(folder, monkeypatch, capsys):
    assert not differences(folder) and not check_published(small.places(folder), folder / "ledger.duckdb")
    monkeypatch.setenv("CS_DATABASE", str(folder / "working.duckdb"))
    monkeypatch.setenv("CS_LEDGER", str(folder / "ledger.duckdb"))
    assert main(["verify"]) == 0
    expected = "Readers see version 000002 as of 2026-06-30, as it was published: 6 files.\n"
    assert capsys.readouterr().out == expected


def test_readers_change_nothing(folder):
    """Opened read-only, also with memory spilled to disk, the files do not change."""
    reader = duckdb.connect(str(folder / "analytics.duckdb"), read_only=True)
    reader.execute("create temp table t as from fct_payments")
    (folder / V2 / "analytics.duckdb.tmp").mkdir()
    (folder / V2 / "analytics.duckdb.tmp" / "duckdb_temp_storage-0.tmp").write_text("x")
    assert not differences(folder)
    reader.close()
    assert not differences(folder)


@pytest.mark.parametrize("tampered", TAMPERED)
def test_what_was_not_published_is_seen(folder, tampered):
    tamper, expected = TAMPERED[tampered]
    tamper(folder)
    assert expected in differences(folder)
    (problem,) = check_published(small.places(folder), folder / "ledger.duckdb")
    assert expected in problem.message
    assert ("set-aside --reason" in problem.message) is (tampered != "ledger is no database")


def test_a_version_from_before_hashes_were_kept_is_no_alarm(tmp_path):
    small.build(tmp_path, 1, households=10)
    small.work(tmp_path, 1)
    (tmp_path / "versions" / "000001" / "publication.json").unlink()
    found = verify(small.places(tmp_path), tmp_path / "ledger.duckdb")
    assert not found.differences and found.message.endswith("was published before hashes were kept.")


def test_an_empty_folder_is_no_alarm_before_the_first_publication(tmp_path):
    assert not differences(tmp_path)


def test_a_publication_that_is_gone_is_reported_and_the_next_build_may_fill_its_place(folder):
    shutil.rmtree(folder / "versions")
    assert "readers see nothing" in differences(folder)
    assert not check_published(small.places(folder), folder / "ledger.duckdb")


def test_a_known_version_keeps_the_hash_it_was_published_with(folder):
    """A build that starts notes what a killed one could not; it must not note later edits."""
    rewrite_manifest(folder)
    assert not remember(folder)
    assert "and the ledger has" in differences(folder)


def test_two_folders_that_share_a_ledger_do_not_disturb_each_other(folder):
    other = folder / "try"
    other.mkdir()
    small.build(other, 5, households=10)
    small.work(other, 5)
    with small.noting(folder / "ledger.duckdb") as connection:
        assert record_publication(connection, small.places(other), folder / "ledger.duckdb")
    assert not differences(folder)
    assert not verify(small.places(other), folder / "ledger.duckdb").differences


def test_folder_and_ledger_may_be_moved_together(folder, tmp_path_factory):
    moved = tmp_path_factory.mktemp("moved") / "warehouse"
    shutil.move(folder, moved)
    assert not differences(moved)


@pytest.mark.parametrize(
    "tampered",
    ["table edited", "current leads elsewhere", "current is a folder", "a file in place of a reader's link"],
)
def test_a_damaged_version_is_kept_aside_and_the_next_build_publishes_again(folder, tampered):
    TAMPERED[tampered][0](folder)
    aside = set_aside(small.places(folder), folder / "ledger.duckdb", "edited by hand")
    assert (aside / "reason.txt").read_text().startswith("edited by hand\n")
    assert not list(aside.rglob("analytics_restricted.duckdb"))
    for name in ("analytics.duckdb", "analytics_restricted.duckdb", "parquet"):
        assert not (folder / name).exists()
    assert not check_published(small.places(folder), folder / "ledger.duckdb")
    publish(folder, 3)
    assert not differences(folder)
    assert aside.exists() and (folder / "versions" / "current").readlink().name > aside.name[:6]


@pytest.mark.parametrize(
    ("tamper", "reason", "refusal"),
    [
        (None, "why not", NothingToSetAside),
        ("table edited", " ", ValueError),
        ("ledger is no database", "cannot tell", duckdb.Error),
    ],
)
def test_set_aside_refuses_without_damage_reason_or_ledger(folder, tamper, reason, refusal):
    if tamper:
        TAMPERED[tamper][0](folder)
    with pytest.raises(refusal):
        set_aside(small.places(folder), folder / "ledger.duckdb", reason)
    assert (folder / "analytics.duckdb").exists()


def test_the_command_reports_what_it_did(folder, monkeypatch, capsys):
    monkeypatch.setenv("CS_DATABASE", str(folder / "working.duckdb"))
    monkeypatch.setenv("CS_LEDGER", str(folder / "ledger.duckdb"))
    replace_parquet(folder)
    assert main(["verify"]) == 1
    assert "fct_payments.parquet has the hash" in capsys.readouterr().err
    assert main(["set-aside"]) == 1
    assert "Give a --reason" in capsys.readouterr().err
    assert main(["set-aside", "--reason", "replaced"]) == 0
    assert "000002.damaged" in capsys.readouterr().out
    assert main(["verify"]) == 1
    assert "It was moved aside" in capsys.readouterr().err


@pytest.mark.parametrize("tampered", ["table edited", "publication emptied", "file is no database"])
def test_no_build_starts_on_a_published_version_that_was_changed(folder, monkeypatch, tampered):
    """dbt does not run, for any damage of the file, and the screen names the remedy."""
    from customer_success import build as build_command

    monkeypatch.setattr(build_command, "run_dbt", lambda *_: pytest.fail("dbt was started"))
    monkeypatch.setenv("CS_LEDGER", str(folder / "ledger.duckdb"))
    TAMPERED[tampered][0](folder)
    (folder / "working.duckdb").unlink()
    screen = io.StringIO()
    command = ["dbt", "build", "--target-path", str(folder / "target")]
    console = Console(file=screen, width=500)
    assert build_command.build(command, {}, small.places(folder), console) == 1
    assert TAMPERED[tampered][1] in screen.getvalue() and "set-aside --reason" in screen.getvalue()
