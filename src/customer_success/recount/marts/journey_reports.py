"""Reports on journeys, counted again over all rows of the proved tables of journeys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import duckdb

from customer_success.recount.households.journey_rules import JourneyRules
from customer_success.recount.second_methods import share_of

from .drop_off import QUICK_START, drop_off
from .held import Held, of_rows
from .summed import Build

F = Fraction


def journey_reports(
    connection: duckdb.DuckDBPyConnection, build: Build, rules: JourneyRules
) -> Iterator[Held]:
    """Return what each report must have; registers a relation per report in the connection."""
    started = onboarding_report(connection, build.as_of, rules, build.rules.whole("first_value_days"))
    yield of_rows(connection, "rpt_onboarding", ("program", "start_month"), list(started))
    yield Held(
        "journey_stage_transitions",
        ("household_id", "transition_date", "to_stage"),
        """
        select stages.household_id, stages.previous_stage as from_stage, stages.stage as to_stage,
            stages.entered_on as transition_date, before.days_in_stage as days_in_previous_stage,
            stages.trigger_event
        from analytics.fct_journey_stages as stages
        left join analytics.fct_journey_stages as before
            on before.household_id = stages.household_id and before.spell_number = stages.spell_number - 1
        where stages.previous_stage is not null
        """,
    )
    yield transitions()
    rows = drop_off(connection, build.as_of, rules.drop_offs, rules)
    yield of_rows(connection, "rpt_journey_drop_off", ("stage",), list(rows))


# ------------------------------------------------------------------------------------ onboarding


def onboarding_report(
    connection: duckdb.DuckDBPyConnection, as_of: date, rules: JourneyRules, first_days: int
) -> Iterator[dict]:
    """Count the starts whose length is over, by program and month; early is a first value in some days."""
    starts: dict[tuple[str, date], list[dict]] = {}
    found = connection.execute(
        "select household_id, program, started_on, status, first_value_on, completed_on, progress,"
        " (select min(churned_at::date) from analytics.fct_churn_events as spells"
        " where spells.household_id = starts.household_id and churned_at::date >= started_on) as churned_on"
        " from analytics.fct_onboarding as starts"
    )
    names = [column[0] for column in found.description]
    for row in (dict(zip(names, values, strict=True)) for values in found.fetchall()):
        if row["started_on"] + timedelta(days=rules.programs[row["program"]].length) <= as_of:
            starts.setdefault((row["program"], row["started_on"].replace(day=1)), []).append(row)
    for (program, month), rows in starts.items():
        yield {
            "program": program,
            "start_month": month,
            **_onboarded(rows, rules.programs[program].length, program, as_of, first_days),
        }


def _onboarded(rows: list[dict], length: int, program: str, as_of: date, first_days: int) -> dict:
    """Return the counts and shares of some starts of a program."""
    started = len(rows)
    after = [_days(row, "completed_on") for row in rows]
    in_time = sum(days is not None and days <= length for days in after)
    completed = sum(days is not None for days in after)
    rate, low, high = share_of(in_time, started)
    first = [_days(row, "first_value_on") for row in rows]
    quick = sum(days is not None and days <= first_days for days in first)
    is_first = program == QUICK_START
    return {
        "started": started,
        "completed_in_time": in_time,
        "completed_in_time_rate": rate,
        "completed": completed,
        "completed_rate": completed / started,
        "ci_low": low,
        "ci_high": high,
        "first_value_7d_rate": quick / started if is_first else None,
        "median_days_to_first_value": median_days(
            [
                (value, _days(row, "churned_on"), (as_of - row["started_on"]).days)
                for value, row in zip(first, rows, strict=True)
            ]
        )
        if is_first
        else None,
        "stalled": sum(row["status"] == "stalled" for row in rows),
    }


def _days(row: dict, column: str) -> int | None:
    return None if row[column] is None else (row[column] - row["started_on"]).days


def median_days(courses: Iterable[tuple[int | None, int | None, int]]) -> int | None:
    """Return the first day by which half have had the event, by cumulative incidence.

    Of Aalen and Johansen (1978), with churn as the competing event.

    ``courses``: days to the event, days to the churn that forbids it (None: not yet), days watched. Where
    both fall on a day, the event came first. None where the incidence stays below one half.
    """
    ends = []
    for event, churn, watched in courses:
        if event is not None and (churn is None or event <= churn):
            ends.append((event, 1))
        else:
            ends.append((churn, 2) if churn is not None else (watched, 0))
    alive, incidence = F(1), F(0)
    for day in sorted({day for day, kind in ends if kind}):
        there = sum(end >= day for end, _ in ends)
        had, gone = (sum(end == (day, kind) for end in ends) for kind in (1, 2))
        incidence += alive * F(had, there)
        alive *= 1 - F(had + gone, there)
        if incidence >= F(1, 2):
            return day
    return None


# ---------------------------------------------------------------------------------- transitions


def transitions() -> Held:
    """Changes between stages per 30 days at risk; truncated spells are in neither."""
    return Held(
        "rpt_journey_transitions",
        ("from_stage", "to_stage"),
        """
        with pairs as (
            select stages.household_id, stages.previous_stage as from_stage, stages.stage as to_stage
            from analytics.fct_journey_stages as stages
            left join analytics.fct_journey_stages as before
                on before.household_id = stages.household_id and before.spell_number = stages.spell_number - 1
            where stages.previous_stage is not null and not coalesce(before.is_left_truncated, false)
        ),
        risk as (
            select stage as from_stage, sum(days_in_stage) as days_at_risk
            from analytics.fct_journey_stages where not is_left_truncated group by stage
        )
        select from_stage, to_stage, count(*) as transitions, count(distinct household_id) as households,
            any_value(days_at_risk) as days_at_risk,
            30.0 * count(*) / nullif(any_value(days_at_risk), 0) as rate_per_30_days
        from pairs left join risk using (from_stage) group by from_stage, to_stage
        """,
    )
