"""What a claim calls a period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_success.claims import resolve

AS_OF = date(2026, 6, 30)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("name", "grain", "start", "end"),
    [
        ("2026-06", "month", "2026-06-01", "2026-06-30"),
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2025-12", "month", "2025-12-01", "2025-12-31"),
        ("2025-Q4", "quarter", "2025-10-01", "2025-12-31"),
        ("2026-Q1", "quarter", "2026-01-01", "2026-03-31"),
        ("2026-W01", "week", "2025-12-29", "2026-01-04"),
        ("2026-W26", "week", "2026-06-22", "2026-06-28"),
        ("trailing_90", "trailing_90", "2026-04-02", "2026-06-30"),
        ("week-1", "week", "2026-06-22", "2026-06-28"),
        ("month-1", "month", "2026-06-01", "2026-06-30"),
        ("month-6", "month", "2026-01-01", "2026-01-31"),
        ("month-7", "month", "2025-12-01", "2025-12-31"),
        ("quarter-1", "quarter", "2026-04-01", "2026-06-30"),
        ("quarter-5", "quarter", "2025-04-01", "2025-06-30"),
    ],
)
def test_periods_by_name(name, grain, start, end):
    period = resolve(name, AS_OF)
    assert (period.grain, str(period.start), str(period.end)) == (grain, start, end)


@given(days, st.sampled_from(["week", "month", "quarter"]), st.integers(1, 30))
def test_periods_counted_back_are_complete_and_touch(as_of, grain, back):
    later, earlier = resolve(f"{grain}-{back}", as_of), resolve(f"{grain}-{back + 1}", as_of)
    assert later.is_complete(as_of)
    assert earlier.end + timedelta(days=1) == later.start
    assert later.start <= later.end


@given(days, st.sampled_from(["week", "month", "quarter"]))
def test_the_next_period_becomes_the_last_complete_one_on_its_last_day(as_of, grain):
    last = resolve(f"{grain}-1", as_of)
    later = (as_of + timedelta(days=n) for n in range(1, 100))
    day = next(day for day in later if resolve(f"{grain}-1", day) != last)
    following = resolve(f"{grain}-1", day)
    assert following.end == day and following.start == last.end + timedelta(days=1)


def test_a_month_is_complete_on_its_last_day():
    june = resolve("2026-06", AS_OF)
    assert june.is_complete(AS_OF) and not june.is_complete(AS_OF - timedelta(days=1))


@pytest.mark.parametrize(
    "name", ["2026", "2026-13", "2026-00", "2026-Q5", "2026-W60", "month-0", "last month", ""]
)
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValueError):
        resolve(name, AS_OF)
