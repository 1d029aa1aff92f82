"""The recount's reading of events, scores and prices."""

from __future__ import annotations

from datetime import datetime

import pytest

from recount.raw_tables import (
    EARLY,
    LATER,
    kept,
    read,
    verdicts,
    write_csv,
    write_households,
    write_parquet,
)


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_events(tmp_path, write):
    """The first delivery stays; clocks may run ahead by a day; what was received later is not known."""
    write_households(tmp_path)
    event = {"event_name": "login", "user_id": "u", "household_id": "h1", "occurred_at": EARLY}
    at = {hour: datetime(2026, 3, 2, hour) for hour in range(24)}
    rows = [
        {**event, "event_id": "thrice", "received_at": at[3], "page": "third"},
        {**event, "event_id": "thrice", "received_at": at[1], "page": "first"},
        {**event, "event_id": "thrice", "received_at": at[2], "page": "second"},
        {**event, "event_id": "twice_later", "received_at": LATER},
        {**event, "event_id": "twice_later", "received_at": at[5]},
        {**event, "event_id": "ahead", "received_at": at[0], "occurred_at": datetime(2026, 3, 2, 23)},
        {**event, "event_id": "too_far", "received_at": at[0], "occurred_at": datetime(2026, 3, 3, 0, 1)},
        {**event, "event_id": "stranger", "received_at": at[0], "household_id": "nobody"},
        {**event, "event_id": "undated", "received_at": None},
    ]
    write(tmp_path, "product.events", rows)
    connection = read(tmp_path)
    found = connection.execute(
        "select event_id, coalesce(reason, row_class) from raw_read.product__events order by all"
    ).fetchall()
    assert found == [
        ("ahead", "kept"),
        ("stranger", "unknown_household"),
        ("thrice", "duplicate"),
        ("thrice", "duplicate"),
        ("thrice", "kept"),
        ("too_far", "occurred_after_received"),
        ("twice_later", "kept"),
        ("twice_later", "later"),
        ("undated", "bad_timestamp"),
    ]
    assert kept(connection, "product__events", "event_id, page, event_at") == [
        ("ahead", None, at[0]),
        ("thrice", "first", EARLY),
        ("twice_later", None, EARLY),
    ]


SCORES = {
    ("NPS", 0.0): "kept",
    ("NPS", 10.0): "kept",
    ("NPS", 11.0): "score_out_of_scale",
    ("NPS", -1.0): "score_out_of_scale",
    ("CSAT", 0.0): "score_out_of_scale",
    ("CSAT", 5.0): "kept",
    ("CSAT", 4.5): "score_out_of_scale",
    ("Product", 42.0): "kept",
    ("Product", 4.5): "score_out_of_scale",
    ("Product", float("nan")): "score_out_of_scale",
    ("Product", float("inf")): "score_out_of_scale",
    ("NPS", None): "kept",
}


@pytest.mark.parametrize(("survey", "score"), SCORES)
def test_scores(tmp_path, survey, score):
    write_households(tmp_path)
    row = {"id": "r", "household_id": "h1", "survey_type": survey, "score": score, "responded_at": EARLY}
    write_parquet(tmp_path, "survey.response", [row])
    assert verdicts(read(tmp_path), "survey.response") == {"r": SCORES[survey, score]}


def test_a_score_that_is_no_number_is_out_of_scale(tmp_path):
    write_households(tmp_path)
    row = {"household_id": "h1", "survey_type": "Exit", "responded_at": "2026-03-01"}
    write_csv(
        tmp_path, "survey.response", [{"id": "a", **row, "score": "five"}, {"id": "b", **row, "score": "5"}]
    )
    assert verdicts(read(tmp_path), "survey.response") == {"a": "score_out_of_scale", "b": "kept"}


def test_nothing_is_quarantined_for_its_currency(tmp_path):
    """Plan and paying are known without a rate."""
    write_households(tmp_path)
    customer = {"id": "cus", "created": EARLY, "metadata": '{"household_id": "h1"}'}
    write_parquet(tmp_path, "stripe.customer", [customer])
    price = {"unit_amount": 1, "recurring_interval": "month"}
    loads = datetime(2026, 1, 1), datetime(2026, 1, 2)
    prices = [
        {"id": "twice", "currency": "zar", **price, "_fivetran_synced": loads[0]},
        {"id": "twice", "currency": "usd", **price, "_fivetran_synced": loads[1]},
        {"id": "eur", "currency": "eur", **price},
    ]
    write_parquet(tmp_path, "stripe.price", prices)
    version = {"customer_id": "cus", "status": "active", "_fivetran_start": EARLY}
    versions = [{"id": name, "price_id": name, **version} for name in ("twice", "eur", "gone")]
    write_parquet(tmp_path, "stripe.subscription_history", versions)
    connection = read(tmp_path)
    assert set(verdicts(connection, "stripe.subscription_history").values()) == {"kept"}
    assert kept(connection, "stripe__price", "id, currency") == [("eur", "eur"), ("twice", "usd")]
