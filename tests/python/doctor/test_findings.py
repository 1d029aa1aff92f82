"""Each finding of the doctor: tiny raw data that have it, and the same data without it that do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from company import AT, Rows, kinds, look, of_kind, whole, write

from customer_success.doctor.finding import BLOCKS, LEVELS, LOOK, NOTE
from customer_success.sql import sql_text

Tables = dict[str, Rows]


def changed(table: str, **cells: str) -> Callable[[Tables], None]:
    """Return a change of the first row of a table."""
    return lambda tables: tables[table][0].update(cells)


def added(table: str, **cells: str) -> Callable[[Tables], None]:
    """Return the addition of a copy of the first row of a table, with other cells."""
    return lambda tables: tables[table].append(tables[table][0] | cells)


def without(table: str, column: str) -> Callable[[Tables], None]:
    """Return the removal of a column."""
    return lambda tables: [row.pop(column) for row in tables[table]]


def all_of(*changes: Callable[[Tables], None]) -> Callable[[Tables], None]:
    """Return several changes as one."""

    def change(tables: Tables) -> None:
        for one in changes:
            one(tables)

    return change


DEFECTS = {
    "missing_column": (BLOCKS, "app.households.region", None, without("app.households", "region")),
    "no_value_casts": (BLOCKS, "stripe.price.unit_amount", 1, changed("stripe.price", unit_amount="much")),
    "no_date": (
        BLOCKS,
        "as_of_date",
        None,
        all_of(
            lambda tables: tables.pop("product.events"),
            lambda tables: [row.pop("_fivetran_synced") for rows in tables.values() for row in rows],
        ),
    ),
    "simulated_ids": (BLOCKS, "app.households.id", 1, added("app.households", id="sim_hh_1")),
    "bad_value": (LOOK, "survey.response.score", 1, added("survey.response", id="n2", score="nine")),
    "null_key": (LOOK, "survey.response", 1, added("survey.response", id="")),
    "key_collision": (
        LOOK,
        "survey.response",
        1,
        all_of(added("app.households", id="h2"), added("survey.response", household_id="h2")),
    ),
    "unknown_household": (LOOK, "survey.response", 1, changed("survey.response", household_id="nobody")),
    "too_early": (LOOK, "product.events", 1, changed("product.events", occurred_at="2026-01-08")),
    "received_early": (
        NOTE,
        "product.events",
        1,
        changed("product.events", occurred_at="2026-01-05 10:00:01"),
    ),
    "loaded_twice": (NOTE, "zendesk.ticket", 1, added("zendesk.ticket", status="solved")),
    "deleted": (NOTE, "stripe.customer", 1, changed("stripe.customer", is_deleted="true")),
    "not_live": (NOTE, "stripe.customer", 1, changed("stripe.customer", livemode="false")),
    "old_moment": (LOOK, "zendesk.ticket.created_at", None, changed("zendesk.ticket", created_at="20260105")),
    "offset": (NOTE, "app.users.created_at", 1, changed("app.users", created_at="2026-01-05T10:00:00+02:00")),
    "epoch": (NOTE, "app.users.created_at", 1, changed("app.users", created_at="1767607200")),
    "unknown_word": (LOOK, "zendesk.ticket.status", 1, changed("zendesk.ticket", status="lost")),
    "unmapped_product": (LOOK, "stripe.product", 1, changed("stripe.product", name="Team")),
    "price_not_there": (
        LOOK,
        "stripe.subscription_history",
        1,
        added("stripe.subscription_history", id="s2", price_id="gone"),
    ),
    "no_price": (
        LOOK,
        "stripe.subscription_history",
        1,
        added("stripe.subscription_history", id="s2", price_id=""),
    ),
    "paying_without_household": (LOOK, "stripe.customer", 1, changed("stripe.customer", metadata="no json")),
    "household_key": (LOOK, "stripe.customer", 1, changed("stripe.customer", metadata='{"our id": "h1"}')),
    "optional_column": (NOTE, "survey.response.ticket_id", None, without("survey.response", "ticket_id")),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> set[str]:
    """The kinds of findings on the company with which nothing is wrong."""
    report = look(write(tmp_path_factory.mktemp("sound"), whole()))
    assert report.status == 0
    return kinds(report)


def test_the_sound_company_lacks_tables_only(sound):
    assert sound == {"absent_table"}


@pytest.mark.parametrize("kind", DEFECTS)
def test_a_defect_is_found(kind, sound, tmp_path):
    level, where, rows, change = DEFECTS[kind]
    tables = whole()
    change(tables)
    report = look(write(tmp_path / "raw, 'as it came'", tables))
    finding = of_kind(report, kind)
    assert (finding.level, finding.where, finding.rows) == (level, where, rows)
    assert kind not in sound
    assert report.status == (level == BLOCKS)
    assert finding.action or level == NOTE


def test_an_example_names_the_row(tmp_path):
    tables = whole()
    added("survey.response", id="n2", score="nine")(tables)
    assert of_kind(look(write(tmp_path, tables)), "bad_value").example == "'nine' in the row with key n2"


@pytest.mark.parametrize("table", ["app.households", "product.events"])
def test_tables_without_which_little_is_known_are_worth_a_look(table, tmp_path):
    tables = whole()
    del tables[table]
    absent = {finding.where: finding for finding in look(write(tmp_path, tables)).findings}
    assert (absent[table].level, absent["app.pets"].level) == (LOOK, NOTE)
    assert "unknown then: " in absent[table].message


def test_a_table_with_no_rows_is_not_an_absent_one(tmp_path):
    folder = write(tmp_path, whole())
    file = folder / "survey" / "response.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert of_kind(look(folder), "empty_table").where == "survey.response"


def test_a_table_under_a_wrong_name_is_named(tmp_path):
    tables = whole()
    tables["stripe.subscription_histories"] = tables.pop("stripe.subscription_history")
    finding = of_kind(look(write(tmp_path, tables)), "not_read")
    assert (finding.level, finding.where) == (LOOK, "stripe.subscription_histories")
    assert "stripe.subscription_history" in finding.action


def test_a_file_in_no_source_is_named(tmp_path):
    folder = write(tmp_path, whole())
    (folder / "pets.csv").write_text("id\n1\n", encoding="utf-8")
    assert of_kind(look(folder), "not_read").action == "if it is app.pets, give it that name"


def test_of_two_files_of_a_table_the_second_is_named(tmp_path):
    folder = write(tmp_path, whole())
    with duckdb.connect() as connection:
        place = sql_text(folder / "app" / "users")[:-1]
        connection.execute(f"copy (select * from read_csv({place}.csv')) to {place}.parquet'")
    assert of_kind(look(folder), "two_files").message == "app/users.csv is not read"


def test_a_missing_column_that_may_have_another_name_is_guessed(tmp_path):
    tables = whole()
    for row in tables["app.households"]:
        row["createdat"] = row.pop("created_at")
    assert "'createdat'" in of_kind(look(write(tmp_path, tables)), "missing_column").action


def test_a_file_of_another_shape_is_said_once(tmp_path):
    tables = whole()
    tables["app.users"] = [{"user": "u1", "mail": "a@firm.test"}]
    finding = of_kind(look(write(tmp_path, tables)), "missing_column")
    assert finding.where == "app.users"
    assert finding.message == "4 required columns are missing: id, email, full_name, created_at"
    assert finding.action.endswith("There are: user, mail")


def test_no_table_of_the_contract_blocks(tmp_path):
    report = look(write(tmp_path, {"shop.orders": [{"id": "1"}]}))
    assert report.status == 1
    assert of_kind(report, "no_table").level == BLOCKS


def test_what_blocks_comes_first(tmp_path):
    tables = whole()
    for kind in ("deleted", "unknown_word", "missing_column"):
        DEFECTS[kind][3](tables)
    levels = [LEVELS.index(finding.level) for finding in look(write(tmp_path, tables)).findings]
    assert levels == sorted(levels) and levels[0] == 0


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-05T10:00:00+02:00", "2026-01-05T08:00:00"),
        ("2026-01-05 10:00:00 America/New_York", "2026-01-05T15:00:00"),
        ("2026-01-05 10:00:00Z", "2026-01-05T10:00:00"),
        ("1767607200", "2026-01-05T10:00:00"),
        ("1767607200000", "2026-01-05T10:00:00"),
        (AT, "2026-01-05T10:00:00"),
    ],
)
def test_moments_are_read_as_utc(text, utc, tmp_path):
    tables = whole()
    changed("zendesk.ticket", created_at=text)(tables)
    read = look(write(tmp_path, tables)).profiles["zendesk.ticket"]
    assert read.first.isoformat() == utc
    created = next(one for one in read.moments if one.column == "created_at")
    assert (created.with_offset, created.epoch) == (
        (0, 1) if text.isdigit() else (0, 0) if text == AT else (1, 0)
    )


def test_keys_of_a_large_table_are_counted_in_a_sample(tmp_path, monkeypatch):
    monkeypatch.setattr("customer_success.doctor.profile.EXACT_ROWS", 1000)
    folder = write(tmp_path, whole())
    events = folder / "product" / "events.csv"
    columns = events.read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = {"event_id": "'e' || number % 40000", "household_id": "'h1'", "occurred_at": f"timestamp '{AT}'"}
    cells |= {"received_at": cells["occurred_at"]}
    select = ", ".join(f"{cells.get(column, 'null::varchar')} as {column}" for column in columns)
    with duckdb.connect() as connection:
        file = sql_text(events.with_suffix(".parquet"))
        connection.execute(f"copy (select {select} from range(48000) as numbers (number)) to {file}")
    events.unlink()
    finding = of_kind(look(folder), "loaded_twice")
    assert "estimated from one key in 64" in finding.message
    assert 0.7 * 8000 < finding.rows < 1.3 * 8000


def test_no_file_is_written(tmp_path):
    folder = write(tmp_path / "raw", whole())
    before = sorted(Path(tmp_path).rglob("*"))
    look(folder)
    assert sorted(Path(tmp_path).rglob("*")) == before
