"""Journeys of the drawn households from their raw rows: onboarding, engagement, stages, renewals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

import duckdb

from customer_success.recount.households import engagement, journey, onboarding, renewals
from customer_success.recount.households.facts import Home, World, as_date
from customer_success.recount.households.journey_rules import JourneyRules
from customer_success.recount.households.lifecycle import Machine
from customer_success.recount.households.lifecycle_spells import lifecycle_rows
from customer_success.recount.households.values import day_number

from .held import Held, has_mart, of_rows

OURS = "household_id in (select household_id from drawn_homes)"
# The reason as rule, value and threshold, the blockers as their number: words and order are the mart's own.
REASONS = """(
    select * replace (
        case
            when triggered_by = 'manual' then 'override'
            when triggered_by = 'automatic' then concat_ws(
                ' ',
                reason ->> '$.rule',
                printf('%.4f', cast(reason ->> '$.value' as double)),
                printf('%.4f', cast(reason ->> '$.threshold' as double))
            )
        end as reason,
        json_array_length(cast(blockers as json)) as blockers
    )
    from analytics.fct_lifecycle_stages
)"""
KEYS = {
    "fct_onboarding": ("household_id", "program", "started_on"),
    "fct_onboarding_steps": ("household_id", "program", "started_on", "step"),
    "fct_customer_engagement": ("household_id", "month_start"),
    "fct_renewals": ("household_id", "subscription_id", "renewal_on"),
    "fct_journey_stages": ("household_id", "spell_number"),
    "fct_lifecycle_stages": ("household_id", "spell_number"),
}
SHOWN = {"fct_lifecycle_stages": REASONS}


def journeys(connection: duckdb.DuckDBPyConnection, world: World, rules: JourneyRules) -> Iterator[Held]:
    """Recount the tables of journeys by household; registers a relation per mart in the connection."""
    open_ones = opportunities(connection, world.rules.whole("lifecycle_opportunity_days"))
    rows: dict[str, Callable[[Home], Iterable[dict]]] = {
        "fct_onboarding": partial(onboarding.onboarding_rows, world=world, rules=rules),
        "fct_onboarding_steps": partial(onboarding.step_rows, world=world, rules=rules),
        "fct_customer_engagement": partial(engagement.engagement_rows, world=world, rules=rules),
        "fct_renewals": partial(renewals.renewal_rows, world=world),
        "fct_journey_stages": partial(journey.journey_rows, world=world, rules=rules),
        "fct_lifecycle_stages": lambda home: map(
            told, lifecycle_rows(Machine(home, world, rules, open_ones))
        ),
    }
    for mart, of_home in rows.items():
        found = [
            {"household_id": home.id, **plain(row)} for home in world.homes.values() for row in of_home(home)
        ]
        yield of_rows(connection, mart, KEYS[mart], found, where=OURS, shown=SHOWN.get(mart, ""))


def told(row: dict) -> dict:
    """Return a row of the lifecycle with its reason in the words of ``REASONS``."""
    kept = {
        name: value
        for name, value in row.items()
        if name not in ("rule", "value", "threshold", "blocker_count")
    }
    words = None
    if row["rule"] is not None:
        numbers = [f"{float(row[name]):.4f}" for name in ("value", "threshold") if row[name] is not None]
        words = "override" if row["triggered_by"] == "manual" else " ".join([row["rule"], *numbers])
    return {**kept, "reason": words, "blockers": row["blocker_count"]}


def plain(row: dict) -> dict:
    """Return a row with dates for numbered days, and with floats for fractions."""
    return {
        name: as_date(value)
        if name.endswith("_on") and value is not None
        else float(value)
        if isinstance(value, Fraction)
        else value
        for name, value in row.items()
    }


def opportunities(connection: duckdb.DuckDBPyConnection, days: int) -> Callable[[Home, int], int]:
    """Return how many opportunities of a household are open on a day and were identified in so many days.

    From the published opportunities; a build without that table has none.
    """
    spells: dict[str, list[tuple[int, int | None]]] = {}
    if has_mart(connection, "expansion_opportunities"):
        for home, since, until in connection.execute(
            "select customer_id, identified_at::date, if(status = 'open', null, status_at::date)"
            " from analytics.expansion_opportunities"
        ).fetchall():
            ends = None if until is None else day_number(until)
            spells.setdefault(home, []).append((day_number(since), ends))

    def open_ones(home: Home, d: int) -> int:
        return sum(
            since <= d < since + days and (until is None or d < until)
            for since, until in spells.get(home.id, ())
        )

    return open_ones
