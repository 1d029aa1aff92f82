"""The recount's reading of moments, words, numbers and names of columns as connectors write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recount.raw_tables import EARLY, kept, read, verdicts, write_csv, write_households, write_parquet

HALF_PAST = datetime(2026, 3, 1, 12, 30)
SECONDS = int(HALF_PAST.replace(tzinfo=UTC).timestamp())
MOMENTS = {
    "2026-03-01 12:30:00": HALF_PAST,
    " 2026-03-01T12:30:00Z ": HALF_PAST,
    "2026-03-01t12:30:00z": HALF_PAST,
    "2026-03-01 12:30:00 UTC": HALF_PAST,
    "2026-03-01 12:30:00+00": HALF_PAST,
    "2026-03-01T14:30:00+02:00": HALF_PAST,
    "2026-03-01 14:30:00 +0200": HALF_PAST,
    "2026-03-01 13:30:00 Europe/Berlin": HALF_PAST,
    "2026-03-01 07:30:00 America/New_York": HALF_PAST,
    f"{SECONDS}": HALF_PAST,
    f"{SECONDS}.0": HALF_PAST,
    f"{SECONDS}000": HALF_PAST,
    "2026-03-01": datetime(2026, 3, 1),
    f"{SECONDS}0000": None,
    f"{SECONDS}.5": None,
    "2026-03-01 12:30:00 Atlantis/Harbour": None,
}


@pytest.mark.parametrize("text", MOMENTS)
def test_moments_as_text(tmp_path, text):
    """No offset is dropped; what is no moment is seen."""
    write_csv(tmp_path, "app.users", [{"id": "u", "created_at": text}])
    connection = read(tmp_path)
    expected = MOMENTS[text]
    assert kept(connection, "app__users", "created_at") == ([(expected,)] if expected else [])
    assert verdicts(connection, "app.users") == {"u": "kept" if expected else "bad_timestamp"}


NUMBERS = [
    (SECONDS, pa.int64(), HALF_PAST),
    (SECONDS, pa.int32(), HALF_PAST),
    (SECONDS * 1000, pa.int64(), HALF_PAST),
    (SECONDS, pa.float64(), HALF_PAST),
    (SECONDS + 0.5, pa.float64(), None),
    (SECONDS * 1_000_000, pa.int64(), None),
]


@pytest.mark.parametrize(("number", "kind", "expected"), NUMBERS)
def test_moments_as_numbers(tmp_path, number, kind, expected):
    write_parquet(tmp_path, "app.users", [{"id": "u", "created_at": number}], created_at=kind)
    connection = read(tmp_path)
    assert kept(connection, "app__users", "created_at") == ([(expected,)] if expected else [])
    assert verdicts(connection, "app.users") == {"u": "kept" if expected else "bad_timestamp"}


def test_a_day_with_an_offset(tmp_path):
    write_households(tmp_path)
    pet = {"id": "p", "household_id": "h1", "added_at": EARLY, "born_on": "2024-01-01T00:30:00+02:00"}
    write_csv(tmp_path, "app.pets", [pet])
    assert str(kept(read(tmp_path), "app__pets", "born_on")[0][0]) == "2023-12-31"


@pytest.mark.parametrize(
    ("written", "verdict"), [("10.0", "kept"), ("1e1", "kept"), ("10.5", "bad_value"), ("ten", "bad_value")]
)
def test_whole_numbers(tmp_path, written, verdict):
    """10.0 is 10, and 10.5 is not rounded."""
    write_csv(tmp_path, "stripe.price", [{"id": "p", "currency": "usd", "unit_amount": written}])
    connection = read(tmp_path)
    assert verdicts(connection, "stripe.price") == {"p": verdict}
    assert kept(connection, "stripe__price", "unit_amount") == ([(10,)] if verdict == "kept" else [])


def test_ids_that_came_as_decimal_numbers(tmp_path):
    user = [{"id": 12.0, "created_at": EARLY}]
    write_parquet(tmp_path, "app.users", user, id=pa.float64())
    assert kept(read(tmp_path), "app__users", "id") == [("12",)]


def test_words_are_compared_without_case(tmp_path):
    """What no rule knows is quarantined; a region is kept as it is written, in one spelling."""
    write_households(tmp_path)
    regions = [" eu ", "Apac", "Atlantis", "ATLANTIS ", " "]
    homes = [{"id": f"h{n}", "created_at": EARLY, "region": region} for n, region in enumerate(regions)]
    write_parquet(tmp_path, "app.households", homes)
    answer = {"household_id": "h1", "responded_at": EARLY, "score": 9}
    kinds = {"a": "nps", "b": " Csat", "c": "Poll", "d": None}
    rows = [{"id": key, **answer, "survey_type": kind, "score": 5} for key, kind in kinds.items()]
    write_parquet(tmp_path, "survey.response", rows)
    roles = {"a": " Agent", "b": "robot", "c": None}
    write_parquet(tmp_path, "zendesk.user", [{"id": key, "role": role} for key, role in roles.items()])
    connection = read(tmp_path)
    shown = ["EU", "APAC", "ATLANTIS", "ATLANTIS", None]
    assert kept(connection, "app__households", "id, region") == [
        (f"h{n}", region) for n, region in enumerate(shown)
    ]
    assert kept(connection, "survey__response", "id, survey_type") == [("a", "NPS"), ("b", "CSAT")]
    assert verdicts(connection, "survey.response") == {
        "a": "kept",
        "b": "kept",
        "c": "bad_value",
        "d": "bad_value",
    }
    assert verdicts(connection, "zendesk.user") == {"a": "kept", "b": "bad_value", "c": "kept"}
    assert kept(connection, "zendesk__user", "role") == [("agent",), (None,)]


def test_statuses_and_currencies_without_case(tmp_path):
    write_households(tmp_path)
    customer = {"id": "cus", "created": EARLY, "metadata": '{"household_id": "h1"}'}
    write_parquet(tmp_path, "stripe.customer", [customer])
    charge = {"customer_id": "cus", "amount": 1, "created": EARLY}
    charges = [
        {"id": "a", **charge, "currency": " USD", "status": "Succeeded "},
        {"id": "b", **charge, "currency": "usd", "status": "vanished"},
    ]
    write_parquet(tmp_path, "stripe.charge", charges)
    connection = read(tmp_path)
    assert verdicts(connection, "stripe.charge") == {"a": "kept", "b": "unknown_status"}
    assert kept(connection, "stripe__charge", "currency, status") == [("usd", "succeeded")]


@pytest.mark.parametrize(
    ("columns", "amount"),
    [
        (("AMOUNT", "Interval"), 999),
        (("unit_amount", "recurring_interval"), 999),
        (("unit_amount", "amount", "interval"), 999),
    ],
)
def test_other_names_of_columns(tmp_path, columns, amount):
    """The first that is there is read, in any case."""
    values = {"AMOUNT": 999, "unit_amount": 999, "amount": 1, "Interval": "month"}
    row = {"id": "p", "currency": "usd"} | {name: values.get(name, "month") for name in columns}
    (tmp_path / "stripe").mkdir()
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "stripe" / "plan.parquet")
    found = kept(read(tmp_path), "stripe__plan", "unit_amount, recurring_interval")
    assert found == [(amount, "month")]
