"""Spells of the lifecycle over random lives: the machine, then the SQL of the build on its result."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from compiled import Compiled
from histories import NEAR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machine import BOUNDS, QUIET
from test_lifecycle_properties import RULES

from customer_success.journeys import STAGES, lifecycle_table

FIRST_SUNDAY = date(2026, 1, 4)
NUMBERS = ("health", "login_days", "tickets", "nps", "progress", "renewal_days", "opportunities")
DAY = timedelta(days=1)
ANY = {name: st.sampled_from(values) for name, values in NEAR.items() if name != "override"}
# Per household: signup after the first Sunday, or in the week before, with which the data begin; lengths of
# being a customer and of being gone in turns, what it is like on the Sundays, and overrides by Sunday.
LIFE = st.tuples(
    st.integers(-6, 60),
    st.lists(st.integers(1, 40), max_size=4),
    st.lists(st.fixed_dictionaries({}, optional=ANY), min_size=1, max_size=8),
    st.dictionaries(st.integers(0, 12), st.sampled_from(STAGES[:8]), max_size=2),
)
LIVES = st.lists(LIFE, min_size=1, max_size=5)
# A busy machine is no defect.
STEADY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FITS = RULES | {
    1: (frozenset(STAGES) - {"churned"}, {"churned"}),
    2: ({None}, {"trial", "onboarding"}),
    3: ({"churned"}, {"onboarding"}),
}


class Lives:
    """Households by their lives (`LIFE`) up to as_of."""

    def __init__(self, lives: list[tuple], as_of: date):
        self.as_of = as_of
        self.dates = [FIRST_SUNDAY + 7 * n * DAY for n in range((as_of - FIRST_SUNDAY).days // 7 + 1)]
        if self.dates[-1] != as_of:
            self.dates.append(as_of)
        self.homes: list[dict] = []
        for number, (signup, lengths, weeks, overrides) in enumerate(lives):
            first = FIRST_SUNDAY + signup * DAY
            if first <= as_of:
                home = {"id": f"h{number}", "signup": first, "weeks": weeks, "overrides": overrides}
                self.homes.append(home | {"gone": self._gone(first, lengths)})
        self.homes.sort(key=lambda home: (home["signup"], home["id"]))  # households are numbered so

    def _gone(self, day: date, lengths: list[int]) -> list[tuple[date, date | None]]:
        """Days of churn and of the return after it."""
        days = []
        for length in lengths:
            day += length * DAY
            if day <= self.as_of:
                days.append(day)
        return [
            (churned, days[at + 1] if at + 1 < len(days) else None)
            for at, churned in enumerate(days)
            if not at % 2
        ]

    def weeks(self, day: date) -> pa.Table:
        """The customers of a day, as the machine reads them."""
        rows = []
        for number, home in enumerate(self.homes):
            if day < home["signup"] or any(a <= day and (b is None or day < b) for a, b in home["gone"]):
                continue
            period = max([home["signup"], *(b for _, b in home["gone"] if b and b <= day)])
            at = (day - FIRST_SUNDAY).days // 7
            week = QUIET | home["weeks"][at % len(home["weeks"])]
            rows.append(
                {name: None if week[name] is None else float(week[name]) for name in NUMBERS}
                | {"household_number": number, "score_date": day, "period_from": period}
                | {"is_return": period > home["signup"], "days_since_signup": (day - home["signup"]).days}
                | {"is_trialing": week["is_trialing"]}
                | {"override_stage": home["overrides"].get(at) if day.isoweekday() == 7 else None}
            )
        kinds = {name: pa.float64() for name in NUMBERS} | {
            "household_number": pa.int64(), "score_date": pa.date32(), "period_from": pa.date32(),
            "is_return": pa.bool_(), "days_since_signup": pa.int64(), "is_trialing": pa.bool_(),
            "override_stage": pa.string(),
        }  # fmt: skip
        return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def spells_of(lives: Lives, models: Compiled, order: random.Random | None = None) -> list[dict]:
    """The rows of fct_lifecycle_stages; with ``order``, from tables whose rows stand in a random order."""

    def mixed(rows: list[dict]) -> list[dict]:
        return order.sample(rows, len(rows)) if order else rows

    def weeks(day: date) -> pa.Table:
        rows = lives.weeks(day)
        return (
            rows.take(order.sample(range(rows.num_rows), rows.num_rows)) if order and rows.num_rows else rows
        )

    homes = lives.homes
    signups = [{"household_id": home["id"], "signup_date": home["signup"]} for home in homes]
    gone = [
        {"household_id": home["id"], "churned_at": a, "reactivated_at": b}
        for home in homes
        for a, b in home["gone"]
    ]
    overrides = [
        {
            "household_id": home["id"],
            "sunday": FIRST_SUNDAY + 7 * at * DAY,
            "override_stage": stage,
            "reason_code": "r",
        }
        for home in homes
        for at, stage in home["overrides"].items()
    ]
    days = {"signup_date": "date", "closed_date": "date"}
    models.table("intermediate.int_household_signups", mixed(signups), household_id="varchar", **days)
    models.table(
        "intermediate.int_household_churn_spells", mixed(gone),
        household_id="varchar", churned_at="date", reactivated_at="date",
    )  # fmt: skip
    models.table(
        "intermediate.int_lifecycle_overrides", mixed(overrides),
        household_id="varchar", sunday="date", override_stage="varchar", reason_code="varchar",
    )  # fmt: skip
    models.table(
        "intermediate.int_household_plan_periods", [],
        household_id="varchar", valid_from="date", is_trialing="boolean",
    )  # fmt: skip
    dates = [{"score_date": day} for day in lives.dates]
    models.table("intermediate.int_lifecycle_dates", mixed(dates), score_date="date")
    runs = lifecycle_table(lives.dates, weeks, len(homes), BOUNDS)
    if order:
        runs = runs.iloc[order.sample(range(len(runs)), len(runs))]
    models.connection.register("runs", pa.Table.from_pandas(runs, preserve_index=False))
    models.connection.execute("create or replace table working.intermediate.int_lifecycle_run as from runs")
    for model in ("int_customer_periods", "int_lifecycle_entries"):
        models.run(model, lives.as_of)
    return models.rows(models.run("fct_lifecycle_stages", lives.as_of), "household_id, spell_number")


@pytest.fixture(scope="module")
def models(warehouse) -> Compiled:
    return Compiled(warehouse)


def check_days(home: dict, spells: list[dict], as_of: date) -> None:
    """Each day from the first spell on is in one spell, and in a churned one where the household had left."""
    begun = [spell["entered_on"] or FIRST_SUNDAY for spell in spells]
    days = Counter(
        begin + n * DAY
        for begin, spell in zip(begun, spells, strict=True)
        for n in range(((spell["left_on"] or as_of + DAY) - begin).days)
    )
    assert days == Counter(begun[0] + n * DAY for n in range((as_of - begun[0]).days + 1))
    for begin, spell in zip(begun, spells, strict=True):
        is_gone = any(a <= begin and (b is None or begin < b) for a, b in home["gone"])
        assert (spell["stage"] == "churned") == is_gone
    assert [spell["is_current"] for spell in spells] == [False] * (len(spells) - 1) + [True]


def check_rules(spells: list[dict]) -> None:
    """Each spell with a known beginning has a rule that leads from the stage before to its own."""
    before = None
    for spell in spells:
        if not spell["is_left_truncated"]:
            rule = json.loads(spell["reason"])["rule"]
            rule = 0 if rule == "override" else rule
            froms, tos = FITS[rule]
            begins = spell["previous_stage"] in (None, "churned")
            assert spell["previous_stage"] in froms or (rule == 0 and begins)
            assert spell["stage"] in tos and spell["stage"] != spell["previous_stage"]
            assert before is None or spell["previous_stage"] == before
        before = spell["stage"]


@given(LIVES, st.integers(30, 90))
@settings(STEADY, max_examples=15)
def test_each_household_is_in_one_stage_each_day_and_changes_it_by_a_rule(models, found, days):
    lives = Lives(found, FIRST_SUNDAY + days * DAY)
    spells = pd.DataFrame(spells_of(lives, models)) if lives.homes else pd.DataFrame()
    for home in lives.homes:
        own = spells[spells["household_id"] == home["id"]] if len(spells) else spells
        own = own.astype(object).where(own.notna(), None).to_dict("records")
        left_for_good = any(a <= FIRST_SUNDAY and b is None for a, b in home["gone"])
        assert own or left_for_good
        if own:
            check_days(home, own, lives.as_of)
            check_rules(own)


@given(LIVES, st.integers(30, 90), st.integers(0, 2**32 - 1))
@settings(STEADY, max_examples=8)
def test_the_order_of_rows_does_not_matter(models, found, days, seed):
    lives = Lives(found, FIRST_SUNDAY + days * DAY)
    if lives.homes:
        assert spells_of(lives, models, random.Random(seed)) == spells_of(lives, models)


def test_a_day_in_two_stages_and_a_wrong_rule_are_noticed():
    day, home = FIRST_SUNDAY, {"gone": []}
    spell = {"stage": "growing", "previous_stage": None, "is_left_truncated": False, "reason": '{"rule": 2}'}
    two = [
        spell | {"entered_on": day, "left_on": day + 8 * DAY, "is_current": False},
        spell | {"entered_on": day + 7 * DAY, "left_on": None, "is_current": True},
    ]
    for check in (lambda: check_days(home, two, day + 9 * DAY), lambda: check_rules(two[:1])):
        with pytest.raises(AssertionError):
            check()
