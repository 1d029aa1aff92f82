"""The build command publishes what passed, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace

import duckdb
import pytest
from rich.console import Console

from customer_success import build as build_command
from customer_success.checks import LOCK, read_lock
from customer_success.checks.ledger import known_versions
from customer_success.ledger.opening import LedgerBusy
from customer_success.ledger.start import check_ledger
from customer_success.publish import Places, lock, marts_of, published_version, verify
from customer_success.publish.aside import set_aside


@pytest.fixture
def copied(published, tmp_path):
    """A copy of the workshop that a test may damage, published once."""
    workshop, _, _ = published
    shutil.copytree(workshop.places.published, tmp_path / "copy", symlinks=True)
    folder = tmp_path / "copy"
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        # dbt would find that nothing has changed since.
        connection.execute("delete from intermediate.int_metric_changes")
    return replace(workshop, places=Places(folder / "working.duckdb", folder), target=folder / "target")


def version(workshop) -> str:
    return workshop.places.current.readlink().name


def test_a_build_that_passed_is_published(published):
    workshop, status, screen = published
    assert status == 0, screen
    assert "SYNTHETIC" in screen and "analytics.duckdb" in " ".join(screen.split())
    with duckdb.connect(str(workshop.places.analytics), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        assert tables == {mart.name for mart in marts_of(workshop.manifest) if mart.is_public}
        results = connection.execute(
            "select count(*) filter (where status = 'pass'), count(*) filter (where status = 'warning'),"
            " count(*) filter (where status = 'fail') from fct_validation_results"
        ).fetchone()
        households = connection.execute("select count(*) from analytics.dim_households").fetchone()
    row = published_version(workshop.places)
    assert (row["validations_passed"], row["validations_warned"], 0) == results
    assert row["tests_passed"] == sum(one["status"] == "pass" for one in workshop.results["results"])
    assert row["dataset"] == "synthetic"
    assert row["invocation_id"] == workshop.results["metadata"]["invocation_id"]
    with duckdb.connect(str(workshop.places.database), read_only=True) as connection:
        assert households == connection.execute("select count(*) from analytics.dim_households").fetchone()
        built = connection.execute("select as_of_date from build.parameters").fetchone()
    assert built == (row["as_of_date"],)


def test_validations_that_warn_are_named(published):
    workshop, _, screen = published
    with duckdb.connect(str(workshop.places.database), read_only=True) as connection:
        warned = connection.execute(
            "select expectation from analytics.fct_validation_results where status = 'warning'"
        ).fetchall()
    flat = "".join(screen.split()).replace("│", "")
    assert warned and all(name in flat for (name,) in warned)


def test_tables_that_are_not_published_stay_out(published):
    workshop, _, _ = published
    names = {file.stem for file in workshop.places.parquet.iterdir()}
    assert "dim_households" in names
    assert not names & {"dim_members_pii", "fct_metric_values"}


def noted(ledger) -> tuple[int, int]:
    """How many values the ledger has, and how many entries its chains have."""
    with duckdb.connect(str(ledger), read_only=True) as connection:
        return connection.execute(
            "select (select count(*) from ledger.ledger.published_metric_values),"
            " (select count(*) from ledger.ledger.chain)"
        ).fetchone()


def test_the_ledger_has_what_was_published_and_its_head_is_on_the_screen(published):
    workshop, _, screen = published
    row = published_version(workshop.places)
    values, _ = noted(workshop.target.parent / "ledger.duckdb")
    with duckdb.connect(str(workshop.places.analytics), read_only=True) as connection:
        assert (values,) == connection.execute("select count(*) from published_metrics").fetchone()
    assert f"head {row['ledger_head'][:16]}" in " ".join(screen.split())
    assert check_ledger(workshop.places, workshop.target.parent / "ledger.duckdb") == []


@pytest.fixture
def killed(workshop, tmp_path, monkeypatch):
    """A first build of which the process ended between the swap and the note."""
    folder = tmp_path / "killed"
    (folder / "target").mkdir(parents=True)
    shutil.copy2(workshop.places.database, folder / "working.duckdb")
    shutil.copy2(workshop.unpublished_ledger, folder / "ledger.duckdb")
    copy = replace(workshop, places=Places(folder / "working.duckdb", folder), target=folder / "target")

    def ended(*_):
        raise SystemExit

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_command, "remember", ended)
        with pytest.raises(SystemExit):
            copy.build(monkeypatch)
    assert published_version(copy.places) and noted(folder / "ledger.duckdb")[0] == 0
    return copy


def test_what_a_killed_build_published_is_noted_by_the_next(killed, monkeypatch):
    """Killed between the swap and the note, and the next one fails: the ledger has the publication."""
    ledger = killed.target.parent / "ledger.duckdb"
    status, screen = killed.build(monkeypatch, killed.with_status("assert_no_raw_rows_are_lost", "fail"))
    assert status != 0 and noted(ledger)[0] > 0
    assert "has now been noted" in " ".join(screen.split())
    assert check_ledger(killed.places, ledger) == []


def test_a_build_that_was_never_published_is_not_taken_for_the_killed_one(killed, monkeypatch):
    with duckdb.connect(str(killed.places.database)) as connection:
        connection.execute("update analytics.fct_metric_values set invocation_id = 'another'")
    status, screen = killed.build(monkeypatch)
    assert status == 1 and noted(killed.target.parent / "ledger.duckdb")[0] == 0
    assert "published_metric_values: the chain is empty" in " ".join(screen.split())


def test_a_ledger_that_is_taken_after_the_swap_is_reported(copied, monkeypatch):
    def taken(*_):
        raise LedgerBusy("The ledger is open in another process.")

    monkeypatch.setattr(build_command, "remember", taken)
    monkeypatch.setattr("customer_success.expectations.validate", lambda *_, **__: [])
    monkeypatch.setattr("customer_success.checks.unanswered", lambda _: [])
    before = version(copied)
    status, screen = copied.build(monkeypatch)
    assert status == build_command.BUSY and version(copied) != before
    assert "was published, and the next one will note it" in " ".join(screen.split())


def test_an_edited_ledger_stops_the_build_before_dbt(copied, monkeypatch):
    with duckdb.connect(str(copied.target.parent / "ledger.duckdb")) as connection:
        connection.execute("update ledger.ledger.published_metric_values set value = 52 where metric = 'nps'")
    before = version(copied)
    status, screen = copied.build(monkeypatch)
    assert status == 1 and version(copied) == before
    assert not (copied.target / "run_results.json").exists(), "dbt was started"
    assert "rows of batch 1 (" in " ".join(screen.split())


def test_a_failed_test_publishes_nothing_and_says_what_failed(copied, monkeypatch):
    name = next(
        node["name"]
        for node in copied.manifest["nodes"].values()
        if node["name"] == "assert_no_raw_rows_are_lost"
    )
    before = version(copied)
    status, screen = copied.build(monkeypatch, copied.with_status(name, "fail"))
    assert status != 0
    assert version(copied) == before
    words = " ".join(screen.split())
    assert "Nothing was published" in words and "failed here" in words
    assert "tests/singular/quality" in "".join(screen.split()).replace("│", "")
    assert "Readers keep the version as of" in words
    assert len(screen.splitlines()) <= 40


def test_a_failed_validation_publishes_nothing_and_says_what_failed(copied, monkeypatch):
    with duckdb.connect(str(copied.places.database)) as connection:
        connection.execute("delete from analytics.fct_nps_surveys where nps_category = 'Detractor'")
    monkeypatch.setattr(build_command, "prove", lambda *_: [])  # the proofs would see it first
    before = version(copied)
    status, screen = copied.build(monkeypatch)
    assert status == 1
    assert version(copied) == before
    flat = "".join(screen.split()).replace("│", "")
    assert "each_answer_is_there_with_its_score" in flat and "data_docs" in flat
    with duckdb.connect(str(copied.places.database), read_only=True) as connection:
        failed = connection.execute(
            "select expectation from analytics.fct_validation_results where status = 'fail'"
        ).fetchall()
    assert ("each_answer_is_there_with_its_score",) in failed


def test_a_check_that_warns_where_it_is_locked_as_an_error_publishes_nothing(copied, monkeypatch):
    """A test that is softened, in its file or for the whole project, is named."""
    before = version(copied)
    manifest = {**copied.manifest, "nodes": dict(copied.manifest["nodes"])}
    key = "test.customer_success.assert_no_raw_rows_are_lost"
    config = {**manifest["nodes"][key]["config"], "severity": "WARN"}
    manifest["nodes"][key] = {**manifest["nodes"][key], "config": config}
    status, screen = copied.build(
        monkeypatch, copied.with_status("assert_no_raw_rows_are_lost", "warn"), manifest
    )
    assert status == 1
    assert version(copied) == before
    words = " ".join(screen.split())
    assert "severity is warn, locked is error" in words and "It ended with warn; it must pass." in words


def test_a_validation_that_gives_no_result_publishes_nothing(copied, monkeypatch):
    from customer_success import expectations

    validate = expectations.validate
    monkeypatch.setattr(expectations, "validate", lambda *a, **k: validate(*a, **k)[1:])
    before = version(copied)
    status, screen = copied.build(monkeypatch)
    assert status == 1 and "The validation gave no result." in " ".join(screen.split())
    assert version(copied) == before


def test_a_tampered_file_stops_the_next_build_until_it_is_set_aside(copied, monkeypatch):
    """The whole sequence: published, edited, rejected, moved aside with a reason, published again."""
    ledger = copied.target.parent / "ledger.duckdb"
    assert not verify(copied.places, ledger).differences
    with duckdb.connect(str(copied.places.analytics)) as connection:
        connection.execute("update published_metrics set value = 80 where metric = 'nps'")
    status, screen = copied.build(monkeypatch)
    assert status == 1 and "other values in published_metrics" in " ".join(screen.split())
    set_aside(copied.places, ledger, "edited by hand")
    status, screen = copied.build(monkeypatch)
    assert status == 0, screen
    assert not verify(copied.places, ledger).differences


def test_the_ledger_remembers_the_checks_of_a_publication(copied, monkeypatch):
    """A version of a check that is changed in the lock afterwards stops the next build."""
    known = known_versions(copied.target.parent / "ledger.duckdb")
    assert len(known) == len(read_lock(LOCK))
    changed = next(key for key in known if key[1].endswith("assert_no_raw_rows_are_lost"))
    monkeypatch.setattr(
        "customer_success.checks.proof.known_versions", lambda _: {**known, changed: "another"}
    )
    status, screen = copied.build(monkeypatch)
    assert status == 1 and "now has another row for it: a change is a new version" in " ".join(screen.split())


def test_a_part_is_never_published(copied, monkeypatch):
    before = version(copied)
    part = {**copied.results, "results": copied.results["results"][1:]}
    status, screen = copied.build(monkeypatch, part)
    assert status == 0
    assert version(copied) == before
    assert "Not published" in " ".join(screen.split())


def test_an_undecided_column_is_not_published(copied, monkeypatch):
    manifest = {**copied.manifest, "nodes": dict(copied.manifest["nodes"])}
    key = "model.customer_success.dim_features"
    columns = dict(manifest["nodes"][key]["columns"])
    columns["feature_name"] = {**columns["feature_name"], "config": {"meta": {}}}
    manifest["nodes"][key] = {**manifest["nodes"][key], "columns": columns}
    monkeypatch.setattr("customer_success.expectations.validate", lambda *_, **__: [])
    monkeypatch.setattr("customer_success.checks.unanswered", lambda _: [])
    before = version(copied)
    status, screen = copied.build(monkeypatch, manifest=manifest)
    assert status == 1
    assert version(copied) == before
    assert "dim_features.feature_name" in "".join(screen.split())


def test_dbt_that_ends_before_it_runs_publishes_nothing(copied, monkeypatch):
    monkeypatch.setattr(build_command, "run_dbt", lambda *_: 2)
    monkeypatch.setenv("CS_LEDGER", str(copied.target.parent / "ledger.duckdb"))
    command = ["dbt", "build", "--target-path", str(copied.target)]
    before = version(copied)
    assert build_command.build(command, {}, copied.places, Console(quiet=True)) == 2
    assert version(copied) == before


def test_a_second_build_is_rejected(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CS_DATABASE", str(tmp_path / "working.duckdb"))
    monkeypatch.setattr("customer_success.publish.locking.PATIENCE_SECONDS", 0.1)
    with lock(Places.from_environment().build_lock, "x"):
        assert build_command.main([]) == build_command.BUSY
    assert "Another build is running" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, "warehouse"),
        ({"CS_DATABASE": "elsewhere/working.duckdb"}, "elsewhere"),
        ({"CS_DATABASE": "warehouse/oulad.duckdb"}, "warehouse/oulad"),
        ({"CS_DATABASE": "warehouse/oulad.duckdb", "CS_PUBLISHED": "bi"}, "bi"),
    ],
)
def test_only_the_usual_database_is_published_for_readers(environment, folder):
    assert str(Places.from_environment(environment).published) == folder
