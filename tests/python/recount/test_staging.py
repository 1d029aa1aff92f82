"""Staging against raw, by value: honest builds pass, and each kind of lie is seen."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from harness import DAY_ONE, END, Sandbox

from customer_success.recount.staging import compare, prove_staging
from recount.dirty import FIRST, SECOND, write_dirty
from recount.lies import LIES
from recount.raw_tables import candidate, read

STAGING = "+staging quarantine"


def offer_builds(builds, project, small_raw, tmp_path_factory) -> list[str]:
    """Builds of staging alone: from day to day, back in time, and of raw data full of defects."""
    base = tmp_path_factory.mktemp("recount")

    def small(name: str, *days: date) -> Sandbox:
        sandbox = Sandbox(project, base / name, small_raw)
        for day in days:
            sandbox.build(day, select=STAGING)
        return sandbox

    def dirty(_) -> Sandbox:
        sandbox = Sandbox(project, base / "dirty", write_dirty(base / "dirty_raw", later=False))
        return sandbox.build(FIRST, select=STAGING)

    def dirty_later(b) -> Sandbox:
        raw = write_dirty(base / "dirty_raw_later", later=True)
        return b["dirty"].copy(base / "dirty_later", raw).build(SECOND, select=STAGING)

    builds.offer("staged", lambda _: small("staged", DAY_ONE, END))
    builds.offer("staged_back", lambda b: b["staged"].copy(base / "back").build(DAY_ONE, select=STAGING))
    builds.offer("dirty", dirty)
    builds.offer("dirty_later", dirty_later)
    return ["staged", "dirty", "staged_back", "dirty_later"]


@pytest.mark.parametrize("name", ["staged", "staged_back", "dirty", "dirty_later"])
def test_honest_builds_pass(builds, name):
    sandbox = builds[name]
    raw = (sandbox.folder / "data" / "raw").resolve()
    assert prove_staging(candidate(sandbox.database, sandbox.ledger, raw)) == []


def test_raw_tables_landed_by_connectors(builds, tmp_path):
    """The source schemas of the working database in the place of files."""
    sandbox = builds["staged"]
    assert sandbox.value("select count(*) from raw_app.households") > 0
    shutil.copy(sandbox.database, tmp_path / "working.duckdb")
    raw = (sandbox.folder / "data" / "raw").resolve()
    with duckdb.connect(str(tmp_path / "working.duckdb")) as connection:
        for file in raw.glob("*/*.parquet"):
            view = f"raw_{file.parent.name}.{file.stem}"
            connection.execute(f"create or replace view {view} as from read_parquet('{file}')")
    proof = candidate(tmp_path / "working.duckdb", sandbox.ledger, raw)
    landed = type(proof)(**{**proof.__dict__, "raw": None})
    assert prove_staging(landed) == []


FOUND = {
    "text_that_states_an_offset_is_brought_to_utc": (
        "dirty_later",
        "select changed_at from staging.stg_app__feature_settings where setting_change_id = 's1'",
        [(datetime(2026, 3, 31, 4, 30),)],
    ),
    "a_task_completed_later_has_no_member": (
        "dirty",
        "select completed_at, completed_by from staging.stg_app__tasks where task_id = 'h2_2'",
        [(None, None)],
    ),
    "an_assignment_without_a_date_is_no_later_one": (
        "dirty",
        "select owner_id from staging.stg_hubspot__company where company_id = 'c1'",
        [("o",)],
    ),
    "a_later_row_does_not_displace_another_of_its_key": (
        "dirty",
        "select household_id from staging.stg_hubspot__company where company_id = 'c3'",
        [("h2",)],
    ),
    "a_score_that_is_no_number_is_quarantined": (
        "dirty",
        "select distinct reason from quarantine.quarantine_survey"
        " where row_key in ('exit_nan', 'exit_large')",
        [("score_out_of_scale",)],
    ),
    "an_earlier_load_of_a_price_does_not_change_its_currency": (
        "dirty",
        "select household_id from staging.stg_stripe__subscription_history where price_id = 'p'",
        [("h1",)],
    ),
    "an_unreadable_delivery_makes_no_later_one_a_duplicate": (
        "dirty_later",
        "select row_class from staging.base_product__events where event_id = 'unreadable'"
        " and received_at >= timestamp '2026-04-01'",
        [("staged",)],
    ),
    "an_event_that_the_source_deletes_later_is_gone": (
        "dirty_later",
        "select row_class from staging.base_product__events where event_id = 'unwanted'",
        [("deleted",)],
    ),
    "two_households_with_one_key_are_both_named": (
        "dirty",
        "select row_json->>'name' from quarantine.quarantine_app where reason = 'key_collision' order by 1",
        [("of h1",), ("of h2 too",)],
    ),
    "the_last_load_stands": (
        "dirty",
        "select pet_name from staging.stg_app__pets where pet_id = 'twice'",
        [("last",)],
    ),
    "a_deleted_owner_is_readable_and_marked": (
        "dirty",
        "select owner_id, is_deleted from staging.stg_hubspot__owner",
        [("12", True)],
    ),
    "prices_are_read_from_plans_under_their_names": (
        "dirty",
        "select unit_amount, billing_interval from staging.stg_stripe__plan where currency = 'usd'",
        [(Decimal("9.99"), "month")],
    ),
    "the_test_mode_supersedes_nothing": (
        "dirty",
        "select amount_due from staging.stg_stripe__invoice",
        [(Decimal("0.05"),)],
    ),
    "a_deleted_household_is_erased": (
        "dirty",
        "select row_class, row_json is null from staging.base_app__pets"
        " inner join quarantine.quarantine_app using (row_key) where row_key = 'of_deleted_home'",
        [("erased", True)],
    ),
    "words_and_moments_are_read_as_they_are_meant": (
        "dirty",
        "select distinct sent_at from staging.stg_survey__invitation"
        " where survey_type in ('NPS', 'CSAT', 'Exit')",
        [(datetime(2026, 3, 1, 12),)],
    ),
    "no_json_of_an_erased_household_stays": (
        "dirty_later",
        "select count(*) from (from quarantine.quarantine_product union all from quarantine.quarantine_app)"
        " where regexp_matches(row_json::varchar, '\"(gone|broken)\"')",
        [(0,)],
    ),
}


@pytest.mark.parametrize("what", FOUND)
def test_what_the_second_reading_found_in_staging(builds, what):
    """Each was wrong in staging until it was read a second time."""
    build, query, expected = FOUND[what]
    assert builds[build].rows(query) == expected


@pytest.fixture(scope="module")
def raw_read(small_raw):
    """Raw, read once for all lies: none of them touches it."""
    with read(small_raw, as_of=END) as connection:
        yield connection


@pytest.mark.parametrize("lie", LIES)
def test_lie_is_seen(builds, raw_read, tmp_path, lie):
    """The message names table and column; honest tables give no message."""
    done, named = LIES[lie]
    database: Path = tmp_path / "working.duckdb"
    shutil.copy(builds["staged"].database, database)
    with duckdb.connect(str(database)) as connection:
        changed = connection.execute(done).fetchall()
    assert changed != [(0,)], "the lie found nothing to change"
    raw_read.execute(f"attach '{database}' as working (read_only)")
    try:
        found = compare(raw_read, "working")
    finally:
        raw_read.execute("detach working")
    assert any(named in problem.message for problem in found), [problem.message for problem in found]
    assert all(problem.status == "fail" and problem.file for problem in found)


def test_message_names_the_row_and_both_values(builds, tmp_path, small_raw):
    """By the whole proof, as a build runs it; texts of persons are not quoted."""
    database = tmp_path / "working.duckdb"
    shutil.copy(builds["staged"].database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update staging.base_survey__response set score = 10, comment = 'thanks' where score < 3"
        )
        (key, rows), *_ = connection.execute(
            "select min(response_id), count(*) from staging.stg_survey__response where comment = 'thanks'"
        ).fetchall()
    found = prove_staging(candidate(database, builds["staged"].ledger, small_raw))
    score, comment = sorted(found, key=lambda problem: "comment" in problem.message)
    assert (
        f" in {rows} of " in score.message and f"response_id = {key}: staging has 10, raw " in score.message
    )
    assert "thanks" not in comment.message and f"response_id = {key}" in comment.message
    assert score.file == "models/staging/survey/stg_survey__response.sql"
