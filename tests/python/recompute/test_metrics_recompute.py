"""The ledger of metric values must say what a plain recomputation from the raw data arrives at.

The session fixtures `warehouse_database` and `warehouse_raw` (paths) come from the conftest above.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from customer_success.recount.households.loading import load_raw
from customer_success.recount.households.values import day_number

from .metrics import Company, Period, recompute

# Two months apart, a quarter, a week, the trailing days, and what is running on as_of_date.
PERIODS = [
    ("month", date(2025, 11, 1)),
    ("month", date(2026, 6, 1)),
    ("week", date(2026, 3, 2)),
    ("week", date(2026, 6, 29)),
    ("trailing_90", date(2026, 4, 2)),
]


@pytest.fixture(scope="module")
def company(warehouse_raw) -> Company:
    return Company(load_raw(warehouse_raw))


def read(connection: duckdb.DuckDBPyConnection, query: str, *parameters) -> list[tuple]:
    return connection.execute(query, parameters).fetchall()


@pytest.fixture(scope="module", params=PERIODS, ids=lambda period: f"{period[0]}-{period[1]}")
def period(request, company, warehouse_database):
    """What the ledger says of a period, and what we do: {(metric, segment_type, segment): ...}."""
    with duckdb.connect(str(warehouse_database), read_only=True) as connection:
        ((last,),) = read(
            connection,
            "select least(period_end, as_of_date) from analytics.fct_metric_values"
            " where period_grain = ? and period_start = ? limit 1",
            *request.param,
        )
        theirs = {
            row[:3]: row[3:]
            for row in read(
                connection,
                "select metric, segment_type, segment, raw_value, numerator, denominator, sample_size"
                " from analytics.fct_metric_values where period_grain = ? and period_start = ?",
                *request.param,
            )
        }
        scores = {
            row[0]: row[1:]
            for row in read(
                connection,
                "select household_id, plan_type, health_score from analytics.fct_customer_health"
                " where score_date between ? and ? qualify score_date = max(score_date) over ()",
                request.param[1],
                last,
            )
        }
    ours = recompute(company, Period(day_number(request.param[1]), day_number(last)), scores)
    return theirs, ours


def test_values_equal_the_recomputation(period):
    theirs, ours = period
    unlike = []
    for key, (value, *_) in theirs.items():
        numerator, denominator = ours.get(key, (0, 0))
        expected = float(numerator / denominator) if denominator else None
        known = value is not None and expected is not None
        if not (known and value == pytest.approx(expected, rel=1e-6)) and (value or expected):
            unlike.append(f"{key}: {value}, recomputed {expected}")
    assert not unlike, "\n".join(unlike[:20])


def test_there_are_values_to_compare(period):
    """A week that has just begun has no answers and no solved tickets, but customers and money."""
    theirs, ours = period
    assert {key[0] for key in ours} <= {key[0] for key in theirs}
    valued = {key[0] for key, (value, *_) in theirs.items() if value is not None}
    assert len(valued) >= 18


def test_numerators_and_denominators_are_those_counted(period):
    """NPS is per hundred and a total has no denominator; both parts of the others are compared."""
    theirs, ours = period
    unlike = []
    for key, (value, numerator, denominator, _) in theirs.items():
        if value is None or denominator is None or key[0] in {"nps", "dau", "wau", "mau"}:
            continue
        expected = tuple(float(part) for part in ours[key])
        if (float(numerator), float(denominator)) != pytest.approx(expected, abs=1e-3):
            unlike.append(f"{key}: {numerator} / {denominator}, recomputed {expected}")
    assert not unlike, "\n".join(unlike[:20])
