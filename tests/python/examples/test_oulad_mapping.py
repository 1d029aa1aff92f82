"""The OULAD example: a miniature of the data with results worked out by hand, and the real data."""

from __future__ import annotations

import datetime as dt
import importlib.util
import itertools
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "examples" / "oulad" / "map_to_raw.py"
REAL = (ROOT / os.environ.get("OULAD_DIR", "../shared/real/oulad")).resolve()


def load_script():
    spec = importlib.util.spec_from_file_location("oulad_map_to_raw", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


mapping = load_script()


def day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def rows(out: Path, table: str, columns: str, order: str = "1") -> list[tuple]:
    file = mapping.path_of(out, table)
    return duckdb.execute(f"select {columns} from '{file}' order by {order}").fetchall()


# ---------------------------------------------------------------------------------------------
# A miniature. Day 0 is 2013-02-01, 2013-10-01, 2014-02-01 and 2014-10-01.

REGISTRATIONS = [
    # module, presentation, student, registered, withdrew
    ("AAA", "2013B", 101, -30, None),  # used it three days before day 0
    ("AAA", "2013B", 102, -50, None),  # never used it, registered before day 0
    ("AAA", "2013B", 103, 10, None),  # never used it, registered after day 0
    ("AAA", "2013B", 104, -60, -20),  # never used it, withdrew before day 0: left out
    ("BBB", "2014J", 105, -10, 2),  # withdrew two days before the first use: left out
    ("BBB", "2014J", 106, -5, 40),  # withdrew later, and was seen once more
    ("BBB", "2014J", 107, None, None),  # nothing known but the presentation
    ("BBB", "2014J", 108, -1, 0),  # withdrew on the very day it begins: stays
    ("BBB", "2013J", 101, -7, None),  # student 101 again: an enrolment of its own
    ("CCC", "2014B", 109, -9, None),
]
PAGES = [
    (11, "AAA", "2013B", "homepage"),
    (12, "AAA", "2013B", "quiz"),
    (21, "BBB", "2014J", "forumng"),
    (22, "BBB", "2013J", "resource"),
    (31, "CCC", "2014B", "oucontent"),
]
# (module, presentation, file) -> rows of student, page, day
INTERACTIONS = {
    ("AAA", "2013B", "part-0"): [(101, 12, 5), (101, 11, 0)],
    ("AAA", "2013B", "part-1"): [(101, 11, -3), (101, 11, 0)],
    ("BBB", "2014J", "part-0"): [(105, 21, 4), (106, 21, 41), (105, 21, 4), (106, 21, 1)],
    ("BBB", "2013J", "part-0"): [(101, 22, 0)],
    ("CCC", "2014B", "part-0"): [(109, 31, 28)],
}


def doubles(values) -> pa.Array:
    """As the published Parquet has its numbers."""
    return pa.array(values, pa.float64())


def write_source(folder: Path, registrations=REGISTRATIONS, interactions=INTERACTIONS) -> Path:
    folder.mkdir(parents=True)
    module, presentation, student, registered, withdrew = zip(*registrations, strict=True)
    pq.write_table(
        pa.table(
            {
                "code_module": module,
                "code_presentation": presentation,
                "id_student": doubles(student),
                "date_registration": doubles(registered),
                "date_unregistration": doubles(withdrew),
            }
        ),
        folder / "studentRegistration.parquet",
    )
    site, module, presentation, activity = zip(*PAGES, strict=True)
    pq.write_table(
        pa.table(
            {
                "id_site": doubles(site),
                "code_module": module,
                "code_presentation": presentation,
                "activity_type": activity,
            }
        ),
        folder / "vle.parquet",
    )
    for (module, presentation, part), seen in interactions.items():
        below = folder / f"studentVle_ds/code_module={module}/code_presentation={presentation}"
        below.mkdir(parents=True, exist_ok=True)
        student, site, date = zip(*seen, strict=True)
        pq.write_table(
            pa.table(
                {
                    "id_student": doubles(student),
                    "id_site": doubles(site),
                    "date": doubles(date),
                    "sum_click": doubles([1] * len(seen)),
                }
            ),
            below / f"{part}.parquet",
        )
    return folder


@pytest.fixture
def source(tmp_path) -> Path:
    return write_source(tmp_path / "oulad")


@pytest.fixture(scope="module")
def mini(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mini")
    out = folder / "raw"
    summary = mapping.map_to_raw(write_source(folder / "oulad"), out)
    return out, summary


def test_households_have_the_dates_worked_out_by_hand(mini):
    out, _ = mini
    assert rows(out, "app.households", "id, created_at, closed_at, updated_at") == [
        ("101:AAA:2013B", day("2013-01-29"), None, day("2013-01-29")),
        ("101:BBB:2013J", day("2013-10-01"), None, day("2013-10-01")),
        ("102:AAA:2013B", day("2013-02-01"), None, day("2013-02-01")),
        ("103:AAA:2013B", day("2013-02-11"), None, day("2013-02-11")),
        ("106:BBB:2014J", day("2014-10-02"), day("2014-11-10"), day("2014-11-10")),
        ("107:BBB:2014J", day("2014-10-01"), None, day("2014-10-01")),
        ("108:BBB:2014J", day("2014-10-01"), day("2014-10-01"), day("2014-10-01")),
        ("109:CCC:2014B", day("2014-03-01"), None, day("2014-03-01")),
    ]
    constant = "distinct name = id, owner_user_id = id, region, acquisition_channel"
    assert rows(out, "app.households", constant) == [(True, True, "EU", None)]


def test_every_household_is_its_own_user_and_its_own_member(mini):
    out, _ = mini
    households = rows(out, "app.households", "id, created_at")
    assert rows(out, "app.users", "id, created_at") == households
    assert rows(out, "app.household_members", "id, joined_at") == households
    assert rows(out, "app.users", "distinct full_name = id, email") == [(True, None)]
    same = "distinct household_id = id, user_id = id, role, left_at"
    assert rows(out, "app.household_members", same) == [(True, True, "owner", None)]


def test_events_are_at_noon_in_the_order_of_receipt(mini):
    out, _ = mini
    found = rows(
        out,
        "product.events",
        "event_id, household_id, occurred_at, feature_name, page",
        order="received_at, event_id",
    )
    assert found == [
        ("AAA:2013B:3", "101:AAA:2013B", day("2013-01-29 12:00"), "homepage", "11"),
        ("AAA:2013B:2", "101:AAA:2013B", day("2013-02-01 12:00"), "homepage", "11"),
        ("AAA:2013B:4", "101:AAA:2013B", day("2013-02-01 12:00"), "homepage", "11"),
        ("AAA:2013B:1", "101:AAA:2013B", day("2013-02-06 12:00"), "quiz", "12"),
        ("BBB:2013J:1", "101:BBB:2013J", day("2013-10-01 12:00"), "resource", "22"),
        ("CCC:2014B:1", "109:CCC:2014B", day("2014-03-01 12:00"), "oucontent", "31"),
        ("BBB:2014J:4", "106:BBB:2014J", day("2014-10-02 12:00"), "forumng", "21"),
        ("BBB:2014J:2", "106:BBB:2014J", day("2014-11-11 12:00"), "forumng", "21"),
    ]
    as_it_stands = pq.read_table(mapping.path_of(out, "product.events"))
    assert as_it_stands["event_id"].to_pylist() == [row[0] for row in found]
    constant = (
        "distinct event_name, user_id = household_id, received_at = occurred_at, "
        "_fivetran_synced = occurred_at, pet_id, task_id"
    )
    assert rows(out, "product.events", constant) == [("feature_used", True, True, True, None, None)]


def test_the_summary_accounts_for_every_row(mini):
    _, summary = mini
    assert summary.written == {
        "app.households": 8,
        "app.users": 8,
        "app.household_members": 8,
        "product.events": 8,
        "meta.dataset": 1,
    }
    assert (summary.enrolments, summary.enrolments_with_withdrawal) == (10, 4)
    assert (summary.left_out, summary.left_out_with_interactions) == (2, 1)
    assert (summary.interactions, summary.interactions_left_out) == (10, 2)
    assert summary.interactions_not_enrolled == 0


def test_the_data_set_is_live_cited_and_dated_by_its_data(mini):
    out, _ = mini
    [(name, kind, generated_at, seed)] = rows(out, "meta.dataset", "name, kind, generated_at, seed")
    assert "Kuzilek" in name and "4:170171" in name and "CC BY 4.0" in name
    assert (kind, generated_at, seed) == ("live", day("2014-11-11 12:00"), None)


def test_columns_and_types_are_those_of_the_contract(mini):
    out, _ = mini
    text, time = "VARCHAR", "TIMESTAMP"
    contract = {
        "app.households": {
            "id": text,
            "name": text,
            "owner_user_id": text,
            "region": text,
            "created_at": time,
            "closed_at": time,
            "acquisition_channel": text,
            "updated_at": time,
            "_fivetran_synced": time,
        },
        "app.users": {
            "id": text,
            "email": text,
            "full_name": text,
            "created_at": time,
            "_fivetran_synced": time,
        },
        "app.household_members": {
            "id": text,
            "household_id": text,
            "user_id": text,
            "role": text,
            "joined_at": time,
            "left_at": time,
            "_fivetran_synced": time,
        },
        "product.events": {
            "event_id": text,
            "event_name": text,
            "occurred_at": time,
            "received_at": time,
            "user_id": text,
            "household_id": text,
            "pet_id": text,
            "feature_name": text,
            "task_id": text,
            "page": text,
            "_fivetran_synced": time,
        },
        "meta.dataset": {"name": text, "kind": text, "generated_at": time, "seed": "BIGINT"},
    }
    assert set(contract) == set(mapping.TABLES)
    for table, columns in contract.items():
        described = duckdb.execute(f"describe from '{mapping.path_of(out, table)}'").fetchall()
        assert {row[0]: row[1] for row in described} == columns, table
    files = {path for path in out.rglob("*") if path.is_file()}
    assert files == {mapping.path_of(out, table) for table in contract}


def test_two_runs_write_the_same_bytes(source, tmp_path):
    for name in ("one", "two"):
        mapping.map_to_raw(source, tmp_path / name)
    for table in mapping.TABLES:
        one, two = (mapping.path_of(tmp_path / name, table) for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), table


def test_an_interaction_without_an_enrolment_is_kept_for_the_quarantine(tmp_path):
    seen = {**INTERACTIONS, ("CCC", "2014B", "part-0"): [(109, 31, 28), (999, 31, 1)]}
    source = write_source(tmp_path / "oulad", interactions=seen)
    summary = mapping.map_to_raw(source, tmp_path / "raw")
    assert summary.interactions_not_enrolled == 1
    assert summary.written["app.households"] == 8
    events = rows(tmp_path / "raw", "product.events", "event_id, household_id")
    assert ("CCC:2014B:2", "999:CCC:2014B") in events


# ---------------------------------------------------------------------------------------------
# Rejected input, and the files after a failed run


def refusal(capsys, source: Path, out: Path) -> str:
    assert mapping.main(["--source", str(source), "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1, "one message, on one line"
    return printed.err


def drop_column(source: Path):
    file = source / "vle.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["activity_type"]), file)


SPOILED = {
    "no folder": (
        lambda source: source.rename(source.with_name("elsewhere")),
        "is not there",
    ),
    "no registrations": (
        lambda source: (source / "studentRegistration.parquet").unlink(),
        "studentRegistration.parquet is missing",
    ),
    "no interactions": (
        lambda source: (source / "studentVle_ds").rename(source / "elsewhere"),
        "studentVle_ds/*/*/*.parquet is missing",
    ),
    "not Parquet": (
        lambda source: (source / "vle.parquet").write_text("id_site,activity_type\n"),
        "cannot be read as Parquet",
    ),
    "no column": (drop_column, "has no column activity_type"),
}


@pytest.mark.parametrize("spoil, message", SPOILED.values(), ids=SPOILED.keys())
def test_an_incomplete_source_is_refused(source, tmp_path, capsys, spoil, message):
    spoil(source)
    assert message in refusal(capsys, source, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    "extra, message",
    [
        (("AAA", "2015B", 1, 0, None), "presentation 2015B has no known first day"),
        (REGISTRATIONS[0], "enrolment 101:AAA:2013B is more than once"),
        (("AAA", "2013B", None, 0, None), "lacks its student"),
    ],
)
def test_enrolments_that_cannot_be_mapped_are_refused(tmp_path, capsys, extra, message):
    source = write_source(tmp_path / "oulad", registrations=[*REGISTRATIONS, extra])
    assert message in refusal(capsys, source, tmp_path / "raw")


def test_a_failed_run_leaves_the_earlier_result_as_it_was(source, tmp_path, monkeypatch, capsys):
    out = tmp_path / "raw"
    mapping.map_to_raw(source, out)
    before = {path: path.read_bytes() for path in out.rglob("*.parquet")}

    def fail(*_):
        raise mapping.Refusal("the counts are off")

    monkeypatch.setattr(mapping, "check_counts", fail)
    assert "the counts are off" in refusal(capsys, source, out)
    assert {path: path.read_bytes() for path in out.rglob("*.parquet")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["oulad", "raw"]


def test_a_second_run_replaces_the_first(source, tmp_path):
    out = tmp_path / "raw"
    mapping.map_to_raw(source, out)
    mapping.path_of(out, "app.users").write_bytes(b"spoiled")
    mapping.map_to_raw(source, out)
    assert len(rows(out, "app.users", "id")) == 8
    assert sorted(path.name for path in tmp_path.iterdir()) == ["oulad", "raw"]


def test_a_folder_that_holds_something_else_is_never_replaced(source, tmp_path, capsys):
    foreign = tmp_path / "raw" / "stripe" / "invoice.parquet"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"somebody's invoices")
    assert "holds something else (stripe/invoice.parquet)" in refusal(capsys, source, tmp_path / "raw")
    assert foreign.read_bytes() == b"somebody's invoices"
    assert "lie in each other" in refusal(capsys, source, source / "raw")


def test_the_command_prints_what_it_did(source, tmp_path):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--source", "oulad", "--out", "it's raw"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "8 app.households" in done.stdout
    assert "2 enrolments closed before created_at" in done.stdout
    assert "seconds" in done.stdout
    assert (tmp_path / "it's raw" / "product" / "events.parquet").is_file()


# ---------------------------------------------------------------------------------------------
# The real data


@pytest.mark.slow
@pytest.mark.skipif(
    not (REAL / "studentRegistration.parquet").is_file(),
    reason=f"the OULAD data is not at {REAL}; set OULAD_DIR to its folder",
)
def test_the_real_data_reconciles(tmp_path):
    summary = mapping.map_to_raw(REAL, tmp_path / "raw")

    # Counted a second time without DuckDB: first day of use per enrolment, then the rule.
    keys = ["id_student", "code_module", "code_presentation"]
    partitions = ds.partitioning(
        pa.schema([("code_module", pa.string()), ("code_presentation", pa.string())]),
        flavor="hive",
    )
    seen = ds.dataset(REAL / "studentVle_ds", format="parquet", partitioning=partitions)
    used = (
        seen.to_table(columns=[*keys, "date"])
        .group_by(keys)
        .aggregate([("date", "min"), ("date", "count")])
        .to_pandas()
    )
    enrolled = pq.read_table(REAL / "studentRegistration.parquet").to_pandas()
    enrolled = enrolled.merge(used, on=keys, how="left", validate="one_to_one")
    no_use = enrolled["date_registration"].fillna(0).clip(lower=0)
    begins = enrolled["date_min"].fillna(no_use)
    out_before_in = enrolled["date_unregistration"] < begins
    lost = enrolled.loc[out_before_in, "date_count"]

    assert summary.enrolments == len(enrolled) == 32_593
    assert summary.enrolments_with_withdrawal == enrolled["date_unregistration"].count() == 10_072
    assert summary.interactions == seen.count_rows() == 10_655_280
    assert summary.left_out == out_before_in.sum() == 2_402
    assert summary.left_out_with_interactions == lost.count() == 189
    assert summary.interactions_left_out == lost.sum() == 4_273
    assert summary.interactions_not_enrolled == 0

    households = 32_593 - 2_402
    assert summary.written == {
        "app.households": households,
        "app.users": households,
        "app.household_members": households,
        "product.events": 10_655_280 - 4_273,
        "meta.dataset": 1,
    }
    events = mapping.path_of(tmp_path / "raw", "product.events")
    metadata = pq.ParquetFile(events).metadata
    assert metadata.num_rows == summary.written["product.events"]
    assert metadata.num_row_groups > 40
    distinct, known, named = duckdb.execute(
        f"""
        select
            count(distinct event_id),
            count(*) filter (
                where household_id in (from '{mapping.path_of(tmp_path / "raw", "app.users")}'
                    select id)
            ),
            count(feature_name)
        from '{events}'
        """
    ).fetchone()
    assert distinct == known == named == metadata.num_rows
    # Sorted by received_at from one row group to the next: what lets a reader skip groups.
    column = metadata.schema.names.index("received_at")
    bounds = [metadata.row_group(group).column(column).statistics for group in range(metadata.num_row_groups)]
    assert all(a.max <= b.min for a, b in itertools.pairwise(bounds))
