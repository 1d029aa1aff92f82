"""Names, e-mails and free text of people: marked, and nowhere in what is published."""

from __future__ import annotations

import copy
import shutil
import stat
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from customer_success.publish import Publication, UnmarkedColumns, marts_of, publish
from customer_success.sql import sql_text

# Typed by hand, so that a forgotten mark does not remove its test.
PERSONAL = {
    "app/households": ["name"],
    "app/users": ["email", "full_name"],
    "app/pets": ["name"],
    "stripe/customer": ["email", "name"],
    "zendesk/organization": ["name"],
    "zendesk/user": ["email"],
    "zendesk/ticket": ["subject", "description"],
    "zendesk/ticket_comment": ["body"],
    "survey/response": ["comment"],
    "hubspot/owner": ["email", "full_name"],
    "hubspot/contact": ["email", "full_name"],
}
SHORTEST, SHORTEST_WITHIN = 3, 8


@pytest.fixture(scope="module")
def scan(warehouse_raw):
    """A function that finds personal values of the raw data in text columns of a database or of Parquet."""
    connection = duckdb.connect()
    values = " union ".join(
        f"select {column} as value from '{warehouse_raw}/{table}.parquet'"
        for table, columns in PERSONAL.items()
        for column in columns
    )
    connection.execute(
        f"create table personal as select value from ({values}) where length(value) >= {SHORTEST}"
    )
    assert connection.execute("select count(*) > 500 from personal").fetchone()[0]

    def found(place: Path) -> set[str]:
        if place.is_dir():
            sources = {file.stem: sql_text(file) for file in place.glob("*.parquet")}
        else:
            connection.execute(f"attach or replace {sql_text(place.resolve())} as looked_at (read_only)")
            names = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'looked_at'"
            ).fetchall()
            sources = {name: f"looked_at.{name}" for (name,) in names}
        assert sources
        hits = set()
        for name, source in sources.items():
            for column, kind, *_ in connection.execute(f"describe from {source}").fetchall():
                if kind in {"VARCHAR", "JSON"} and is_personal(f'select distinct "{column}" from {source}'):
                    hits.add(f"{name}.{column}")
        return hits

    def is_personal(query: str) -> bool:
        connection.execute(
            f"create or replace temp table shown as select #1::varchar as value from ({query})"
        )
        ways = [
            "from shown where value like '%@%.%'",
            "from shown semi join personal using (value)",
            "from shown inner join personal as p on shown.value like '% %'"
            f" and length(p.value) >= {SHORTEST_WITHIN} and contains(shown.value, p.value)",
        ]
        return any(connection.execute(f"select 1 {way} limit 1").fetchone() for way in ways)

    yield found
    connection.close()


def test_nothing_personal_is_in_the_published_file(published, scan):
    workshop, _, _ = published
    assert scan(workshop.places.analytics) == set()


def test_nothing_personal_is_in_the_parquet(published, scan):
    workshop, _, _ = published
    assert scan(workshop.places.parquet) == set()


def test_the_restricted_file_has_all_of_it_for_its_owner_alone(published, scan):
    workshop, _, _ = published
    marked = {f"{mart.name}.{column}" for mart in marts_of(workshop.manifest) for column in mart.personal}
    assert scan(workshop.places.restricted) == marked
    assert stat.S_IMODE(workshop.places.restricted.stat().st_mode) == 0o600


def test_no_published_column_is_marked_personal(published):
    workshop, _, _ = published
    with duckdb.connect(str(workshop.places.analytics), read_only=True) as connection:
        columns = set(connection.execute("select table_name, column_name from duckdb_columns()").fetchall())
    for mart in marts_of(workshop.manifest):
        assert not columns & {(mart.name, column) for column in mart.personal}


def test_what_is_planted_is_found(published, scan, tmp_path):
    """Personal columns called harmless, and an address within a text: the scan must see each."""
    workshop, _, _ = published
    manifest = copy.deepcopy(workshop.manifest)
    planted = {
        "dim_households": "owner_name",
        "fct_nps_surveys": "nps_comment",
        "fct_support_tickets": "issue_title",
        "dim_csms": "full_name",
    }
    for name, column in planted.items():
        manifest["nodes"][f"model.customer_success.{name}"]["columns"][column]["config"]["meta"] = {
            "pii": False
        }
    places = type(workshop.places)(tmp_path / "working.duckdb", tmp_path)
    shutil.copy2(workshop.places.database, places.database)
    with duckdb.connect(str(places.database)) as connection:
        connection.execute(
            "update analytics.fct_events set page = '/invite/somebody@example.com?step=1'"
            " where event_id = (select min(event_id) from analytics.fct_events)"
        )
        day = connection.execute("select as_of_date from build.parameters").fetchone()[0]
    row = Publication(day, datetime(2026, 7, 1), "unknown", "synthetic", 1, 1, 0, "planted", "", "{}")
    publish(places, marts_of(manifest), row)
    expected = {f"{name}.{column}" for name, column in planted.items()} | {"fct_events.page"}
    assert scan(places.analytics) == expected
    assert scan(places.parquet) == expected


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("fct_nps_surveys", "nps_comment"),
        ("dim_households", "owner_name"),
        ("dim_csms", "full_name"),
        ("fct_support_tickets", "issue_title"),
        ("dim_members_pii", "email"),
    ],
)
def test_a_mark_that_is_forgotten_is_noticed(published, table, column):
    workshop, _, _ = published
    manifest = copy.deepcopy(workshop.manifest)
    manifest["nodes"][f"model.customer_success.{table}"]["columns"][column]["config"]["meta"] = {}
    with pytest.raises(UnmarkedColumns, match=f"{table}.{column}"):
        marts_of(manifest)


def test_a_column_named_like_a_personal_one_upstream_has_to_be_decided(published):
    workshop, _, _ = published
    manifest = copy.deepcopy(workshop.manifest)
    node = manifest["nodes"]["model.customer_success.fct_payments"]
    node["columns"]["raw_json"] = {**node["columns"]["status"], "name": "raw_json"}
    with pytest.raises(UnmarkedColumns, match=r"fct_payments\.raw_json"):
        marts_of(manifest)
