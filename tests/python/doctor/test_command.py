"""The command: exit status, JSON, what the screen shows, and raw data that cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import duckdb
import pytest
from company import kinds, look, of_kind, whole, write
from harness import REPOSITORY

from customer_success.doctor.__main__ import main
from customer_success.sql import sql_text

TABLE_KEYS = {
    "table", "file", "format", "problem", "moment", "first", "last", "newest_load", "offsets", "epochs",
    "rows", "null_keys", "loaded_twice", "collisions", "is_sampled", "deleted", "not_live",
    "received_early", "too_early", "unknown_households",
}  # fmt: skip


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    """A folder without databases is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("CS_DATABASE", "CS_LEDGER", "CS_PUBLISHED"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: object) -> int:
    return main(["--project", str(REPOSITORY), *map(str, arguments)])


def test_status_says_whether_anything_blocks(here, capsys):
    folder = write(here / "raw", whole())
    assert run("--raw", folder) == 0
    assert "Nothing blocks a build." in capsys.readouterr().out
    (folder / "app" / "users.csv").write_text("id,email\nu1,a@firm.test\n", encoding="utf-8")
    assert run("--raw", folder) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "What to do: blocks the build 1. app.users.full_name (app/users.csv): the required column is" in said
    )


@pytest.mark.parametrize("name", ["typo", "empty"])
def test_no_raw_data_is_one_line_and_status_2(name, here, capsys):
    (here / "empty" / "app").mkdir(parents=True)
    assert run("--raw", name) == 2
    (line,) = capsys.readouterr().out.splitlines()
    assert "There is no" in line


def test_a_folder_without_the_project_is_one_line(here, capsys):
    folder = write(here / "raw", whole())
    assert main(["--raw", str(folder), "--project", str(here)]) == 2
    assert "dbt_project.yml" in capsys.readouterr().out


def test_json_has_a_stable_shape(here, capsys):
    folder = write(here / "raw", whole())
    assert run("--raw", folder, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "format", "raw", "status", "seconds", "tables", "absent", "links", "households", "unknown_words",
        "findings", "seed_lines",
    ]  # fmt: skip
    assert (report["format"], report["status"]) == (1, 0)
    assert {key for table in report["tables"] for key in table} == TABLE_KEYS
    assert set(report["absent"][0]) == {"table", "unknown", "reason"}
    assert set(report["links"][0]) == {"system", "things", "by", "total", "linked", "is_read", "example"}
    assert set(report["findings"][0]) == {
        "level", "kind", "where", "message", "action", "file", "rows", "example"
    }  # fmt: skip


@pytest.mark.parametrize("columns", ["80", "160"])
def test_lines_fit_the_screen(columns, small_raw, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    run("--raw", small_raw)
    lines = capsys.readouterr().out.splitlines()[1:-1]  # the first and the last have the path, in one piece
    assert max(map(len, lines)) <= int(columns)
    assert any("stripe.subscription_history " in line for line in lines), "names of tables are in one piece"


def test_a_column_that_many_tables_lack_is_one_line(here, capsys):
    tables = whole()
    for rows in tables.values():
        for row in rows:
            row.pop("_fivetran_synced")
    tables["app.households"][0].pop("acquisition_channel")
    run("--raw", write(here / "raw", tables))
    lines = [line.split("  ")[0].strip() for line in capsys.readouterr().out.splitlines()]
    assert lines.count(f"_fivetran_synced ({len(tables)} tables)") == 1
    assert lines.count("app.households.acquisition_channel") == 1


def test_raw_text_does_not_rewrite_the_screen(here, capsys):
    tables = whole()
    tables["stripe.product"][0]["name"] = "[bold]Team\x1b[2J\u202e[/bold]"
    tables["zendesk.ticket"][0]["status"] = "[/]\x1b[2J"
    assert run("--raw", write(here / "raw", tables)) == 0
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\u202e" not in said
    assert "[bold]Team?[2J?[/bold],<plan_type>" in said


UNREADABLE = {
    "no parquet": ("parquet", b"this is no parquet"),
    "empty parquet": ("parquet", b""),
    "empty csv": ("csv", b""),
    "no gzip": ("csv.gz", b"id,region\nh1,EU\n"),
    "half a gzip": ("csv.gz", gzip.compress(b"id,region\n" + bytes(range(48, 58)) * 5000)[:60]),
    "latin-1": ("csv", "id,region\nh1,Östlich\n".encode("latin-1") * 50),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_is_a_finding(kind, here, capsys):
    ending, content = UNREADABLE[kind]
    tables = whole()
    del tables["app.households"]
    folder = write(here / "raw", tables)
    (folder / "app" / f"households.{ending}").write_bytes(content)
    assert run("--raw", folder) == 1
    assert "app.households" in capsys.readouterr().out
    assert of_kind(look(folder), "unreadable").where == "app.households"


def test_a_folder_where_a_file_should_be_is_a_finding(here):
    folder = write(here / "raw", whole())
    (folder / "survey" / "response.csv").unlink()
    (folder / "survey" / "response.csv").mkdir()
    assert of_kind(look(folder), "unreadable").where == "survey.response"


def test_any_type_of_column_can_be_read(here):
    """Numbers as ids, moments as numbers, with a zone and as structs, metadata as a struct, flags as text."""
    folder = here / "raw"
    selects = {
        "app/households": "1 as id, 'n' as name, 2 as owner_user_id, 'EU' as region,"
        " timestamptz '2026-01-05 10:00:00+02' as created_at, null as closed_at, {'at': 1} as updated_at",
        "app/users": "2 as id, 'a@b.test' as email, 'A' as full_name, 1767607200 as created_at",
        "stripe/customer": "'c1' as id, null as email, null as name, date '2026-01-05' as created,"
        " {'household_id': '1'} as metadata, 'yes' as livemode",
        "product/events": "1 as event_id, 'login' as event_name, 'soon' as occurred_at, [1] as received_at,"
        " 2 as user_id, 1 as household_id",
    }
    with duckdb.connect() as connection:
        for name, select in selects.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy (select {select}) to {sql_text(folder / name)[:-1]}.parquet'")
    report = look(folder)
    blocked = {finding.where for finding in report.findings if finding.kind == "no_value_casts"}
    assert blocked == {
        "app.households.updated_at", "product.events.occurred_at", "product.events.received_at"
    }  # fmt: skip
    assert report.profiles["app.users"].first.isoformat() == "2026-01-05T10:00:00"
    assert report.profiles["app.households"].first.isoformat() == "2026-01-05T08:00:00"
    assert report.households["stripe"] == 1
    assert "not_examined" not in kinds(report)


@pytest.mark.parametrize("ending", ["parquet", "csv.gz", "folder"])
def test_each_format_is_read(ending, here):
    folder = write(here / "raw with spaces", whole())
    for file in list(folder.rglob("*.csv")):
        if ending == "csv.gz":
            file.with_suffix(".csv.gz").write_bytes(gzip.compress(file.read_bytes()))
        else:
            target = (
                file.with_suffix(".parquet") if ending == "parquet" else file.with_suffix("") / "part.parquet"
            )
            target.parent.mkdir(exist_ok=True)
            with duckdb.connect() as connection:
                text = f"read_csv({sql_text(file)}, all_varchar = true, header = true)"
                connection.execute(f"copy (select * from {text}) to {sql_text(target)}")
        file.unlink()
    report = look(folder)
    assert kinds(report) == {"absent_table"}
    assert {one.format for one in report.found.values()} == {
        "parquet folder" if ending == "folder" else ending
    }


def test_tables_of_a_database_are_read(here, capsys):
    folder, database = write(here / "raw", whole()), here / "company.duckdb"
    with duckdb.connect(str(database)) as connection:
        for file in folder.rglob("*.csv"):
            schema = "billing" if file.parent.name == "stripe" else f"raw_{file.parent.name}"
            connection.execute(f"create schema if not exists {schema}")
            text = f"read_csv({sql_text(file)}, all_varchar = true, header = true)"
            connection.execute(f'create table {schema}."{file.stem}" as from {text}')
    assert run("--database", database, "--vars", "{raw_schema_stripe: billing}", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert {table["table"] for table in report["tables"]} == set(whole())
    assert {finding["kind"] for finding in report["findings"]} == {"absent_table"}
    assert run("--database", database) == 0
    assert "stripe.customer" in capsys.readouterr().out.split("Tables that are absent")[1]


def test_a_database_that_is_none_is_one_line(here, capsys):
    (here / "x.duckdb").write_text("no database", encoding="utf-8")
    for name in ("x.duckdb", "none.duckdb"):
        assert run("--database", name) == 2
        assert len(capsys.readouterr().out.splitlines()) == 1


def test_live_data_on_a_simulated_ledger_block(here, capsys, monkeypatch):
    folder = write(here / "raw", whole())
    with duckdb.connect() as connection:
        connection.execute(f"attach {sql_text(here / 'ledger.duckdb')} as remembered")
        connection.execute("create schema remembered.ledger")
        values = "remembered.ledger.published_metric_values"
        connection.execute(f"create table {values} as select 'synthetic' as dataset")
    monkeypatch.setenv("CS_LEDGER", str(here / "ledger.duckdb"))
    assert run("--raw", folder) == 1
    assert "make forget-demo" in " ".join(capsys.readouterr().out.split())


def test_a_million_events_are_read_in_one_query(here, monkeypatch):
    """However many events there are, their table is scanned once (and its footer for the number of rows)."""
    folder = write(here / "raw", whole())
    file = folder / "product" / "events.parquet"
    with duckdb.connect() as connection:
        text = f"read_csv({sql_text(folder / 'product' / 'events.csv')}, all_varchar = true, header = true)"
        many = f"select * replace ('e' || number as event_id) from {text}, range(1000000) as numbers (number)"
        connection.execute(f"copy (select * exclude (number) from ({many})) to {sql_text(file)}")
    (folder / "product" / "events.csv").unlink()
    queries: list[str] = []

    class Noting:
        """A connection that notes what it is asked."""

        def __init__(self, connection):
            self.connection = connection

        def execute(self, query, *parameters):
            queries.append(query)
            return self.connection.execute(query, *parameters)

    from customer_success.doctor.examine import examine
    from customer_success.doctor.found import Raw
    from customer_success.doctor.project import read_project

    project = read_project(REPOSITORY, {})
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        report = examine(Noting(connection), Raw(folder, None, project.variables), project)
    assert report.profiles["product.events"].rows == 1_000_000
    scans = [query for query in queries if str(file) in query and not query.startswith("describe")]
    assert len(scans) == 2 and scans[0].startswith("select count(*) from")
