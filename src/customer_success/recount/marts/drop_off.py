"""The losses of each stage of the journey, beside what the documents say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import duckdb

from customer_success.recount.households.journey_rules import DropOff, JourneyRules
from customer_success.recount.second_methods import share_of

QUICK_START = "quick_start"


def drop_off(
    connection: duckdb.DuckDBPyConnection, as_of: date, stages: Iterable[DropOff], rules: JourneyRules
) -> Iterator[dict]:
    """Return the share of each stage that was lost in it, beside what the documents say."""
    spells = _spells(connection)
    losses = _losses(connection, spells)
    for one in stages:
        n: int | None = None
        lost: int | None = None
        if one.within is not None:
            entered = {
                home: first
                for home, own in spells.items()
                if (first := next((s for s in own if s[1] == one.stage), None)) is not None
                and first[2] is not None
                and (as_of - first[2]).days >= one.entered_before
            }
            n = len(entered)
            lost = sum(
                any(
                    number == first[0] and (left - first[2]).days <= one.within
                    for number, left in losses.get(home, ())
                )
                for home, first in entered.items()
            )
        elif one.stage == "onboarding":
            n, lost = _unfinished(connection, as_of, rules.programs[QUICK_START].length)
        yield _stated(one, n, lost)


def _spells(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """Return the spells of each household: number, stage, entered (None: truncated), left."""
    found: dict[str, list[tuple]] = {}
    for home, *spell in connection.execute(
        "select household_id, spell_number, stage, entered_on, left_on from analytics.fct_journey_stages"
        " order by household_id, spell_number"
    ).fetchall():
        found.setdefault(home, []).append(tuple(spell))
    return found


def _losses(
    connection: duckdb.DuckDBPyConnection, spells: dict[str, list[tuple]]
) -> dict[str, list[tuple[int, date]]]:
    """Return for each loss the number of the spell in which the household left, and the day."""
    found: dict[str, list[tuple[int, date]]] = {}
    for home, left in connection.execute(
        "select household_id, left_at::date from analytics.fct_churn_events"
    ).fetchall():
        there = [s for s in spells.get(home, ()) if s[2] is None or s[2] <= left]
        if there and there[-1][1] == "churned":
            there.pop()
        if there:
            found.setdefault(home, []).append((there[-1][0], left))
    return found


def _unfinished(connection: duckdb.DuckDBPyConnection, as_of: date, length: int) -> tuple[int, int]:
    """Return the quick starts whose days are over, and how many of them were not completed."""
    return connection.execute(
        "select count(*), count(*) filter (where completed_on is null) from analytics.fct_onboarding"
        " where program = ? and started_on + ?::integer <= ?",
        [QUICK_START, length, as_of],
    ).fetchone()


def _stated(one: DropOff, n: int | None, lost: int | None) -> dict:
    """Return the row of a stage; the verdict is on the stated rate."""
    rate = low = high = verdict = None
    if n:
        rate, low, high = share_of(lost, n)
    if one.stated is not None:
        verdict = (
            "not_measurable"
            if rate is None
            else "higher"
            if low > one.stated
            else "lower"
            if high < one.stated
            else "consistent"
        )
    return {
        "stage": one.stage,
        "n": n,
        "left_count": lost if n else None,
        "drop_off_rate": rate,
        "ci_low": low,
        "ci_high": high,
        "stated_rate": None if one.stated is None else float(one.stated),
        "verdict": verdict,
    }
