"""The lifecycle machine: each rule on both sides of its edge, and equal to a second, slow statement of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from histories import HISTORIES, WEEKS, Histories
from hypothesis import given, settings
from machine import BOUNDS, SUNDAY, first_stage, has_risk, next_stage, week_of

from customer_success.journeys import STAGES, run
from customer_success.journeys.lifecycle import advance

EDGES = [  # stage, what differs from a quiet week, the stage after it, the rule
    ("growing", {"health": 39}, "at_risk", 4),
    ("growing", {"health": 40}, "growing", -1),
    ("growing", {"login_days": 15}, "at_risk", 4),
    ("growing", {"login_days": 14}, "growing", -1),
    ("growing", {"tickets": 3}, "at_risk", 4),
    ("growing", {"tickets": 2}, "growing", -1),
    ("growing", {"nps": 6}, "at_risk", 4),
    ("growing", {"nps": 7}, "growing", -1),
    ("growing", {"health": None, "login_days": None, "tickets": None, "nps": None}, "growing", -1),
    ("trial", {"is_trialing": False}, "onboarding", 5),
    ("trial", {"is_trialing": True}, "trial", -1),
    ("onboarding", {"progress": 0.8, "days_in_period": 3}, "adopting", 6),
    ("onboarding", {"progress": 0.75, "days_in_period": 30}, "onboarding", -1),
    ("onboarding", {"progress": 0.5, "days_in_period": 31}, "adopting", 6),
    ("onboarding", {"progress": 0.49, "days_in_period": 31}, "at_risk", 7),
    ("onboarding", {"progress": 0.49, "days_in_period": 30}, "onboarding", -1),
    ("onboarding", {"progress": None, "days_in_period": 31}, "onboarding", -1),
    ("adopting", {"health": 70, "days_since_signup": 91}, "growing", 8),
    ("adopting", {"health": 69, "days_since_signup": 91}, "adopting", -1),
    ("adopting", {"health": 70, "days_since_signup": 90}, "adopting", -1),
    ("growing", {"renewal_days": 60, "opportunities": 1}, "renewing", 9),
    ("growing", {"renewal_days": 61}, "growing", -1),
    ("growing", {"opportunities": 1, "nps": 9, "health": 80}, "expanding", 10),
    ("growing", {"opportunities": None}, "growing", -1),
    ("growing", {"nps": 9, "health": 80}, "advocating", 11),
    ("growing", {"nps": 8, "health": 80}, "growing", -1),
    ("growing", {"nps": 9, "health": 79}, "growing", -1),
    ("renewing", {"renewal_days": 61}, "growing", 12),
    ("renewing", {"renewal_days": None}, "growing", 12),
    ("renewing", {"renewal_days": 60}, "renewing", -1),
    ("expanding", {"opportunities": 0}, "growing", 13),
    ("expanding", {"opportunities": 1}, "expanding", -1),
    ("expanding", {"opportunities": None}, "expanding", -1),
    ("advocating", {"health": 69, "nps": 9}, "growing", 14),
    ("advocating", {"health": 70, "nps": 8}, "growing", 14),
    ("advocating", {"health": 70, "nps": 9}, "advocating", -1),
    ("advocating", {"health": 70, "nps": None}, "advocating", -1),
    ("at_risk", {"health": 60, "days_since_signup": 91}, "growing", 15),
    ("at_risk", {"health": 60, "days_since_signup": 90}, "adopting", 15),
    ("at_risk", {"health": 59}, "at_risk", -1),
    ("at_risk", {"health": 60, "nps": 6}, "at_risk", 4),
    ("at_risk", {"health": None}, "at_risk", -1),
]


@pytest.mark.parametrize(("stage", "week", "after", "rule"), EDGES)
def test_each_rule_holds_on_its_side_of_the_edge(stage, week, after, rule):
    before = np.array([STAGES.index(stage)], dtype=np.int8)
    step = advance(before, np.array([stage == "at_risk"]), week_of(SUNDAY, {0: week}), BOUNDS)
    assert (STAGES[step.stage[0]], step.rule[0]) == (after, rule)


@pytest.mark.parametrize(
    ("by_risk", "progress", "after"),
    [(False, 0.5, "growing"), (False, 0.49, "at_risk"), (True, 0, "growing")],
)
def test_at_risk_by_a_slow_onboarding_is_left_with_half_of_it(by_risk, progress, after):
    week = week_of(SUNDAY, {0: {"health": 60, "progress": progress}})
    step = advance(np.array([STAGES.index("at_risk")], dtype=np.int8), np.array([by_risk]), week, BOUNDS)
    assert STAGES[step.stage[0]] == after


def stages_of(weeks, households=1, first_day=0, as_of=None, is_sunday=True):
    """The entries (household, day, stage, rule) and the frame of today."""
    last = as_of or weeks[-1].day
    entries, today = run(weeks, households, BOUNDS, first_day=first_day, as_of=last, is_sunday=is_sunday)
    rows = entries[["household_number", "seen_on", "stage", "rule"]].itertuples(index=False)
    return [(int(h), int(day), STAGES[int(stage)], int(rule)) for h, day, stage, rule in rows], today


def test_the_first_sunday_knows_rules_2_and_3_alone():
    young = {"days_since_signup": 3, "days_in_period": 3, "health": 10, "progress": 1.0}
    returned = young | {"days_since_signup": 400, "is_return": True, "is_trialing": True}
    week = week_of(SUNDAY, {0: young, 1: young | {"is_trialing": True}, 2: returned})
    assert [entry[2:] for entry in stages_of([week], 3)[0]] == [
        ("onboarding", 2),
        ("trial", 2),
        ("onboarding", 3),
    ]


@pytest.mark.parametrize(
    ("tenure", "stage"), [(30, "onboarding"), (31, "adopting"), (90, "adopting"), (91, "growing")]
)
def test_a_truncated_household_begins_by_tenure(tenure, stage):
    week = week_of(SUNDAY, {0: {"days_since_signup": tenure, "days_in_period": tenure, "health": 10}})
    assert stages_of([week], first_day=SUNDAY)[0] == [(0, SUNDAY, stage, -1)]


def test_an_override_beats_all_rules_and_leaves_at_risk_as_if_by_rule_4():
    weeks = [
        week_of(SUNDAY, {0: {"days_in_period": 1, "days_since_signup": 1, "override": "expanding"}}),
        week_of(
            SUNDAY + 7,
            {0: {"days_in_period": 8, "days_since_signup": 8, "override": "at_risk", "progress": 0}},
        ),
        week_of(SUNDAY + 14, {0: {"days_in_period": 15, "days_since_signup": 15, "progress": 0}}),
    ]
    assert [entry[2:] for entry in stages_of(weeks)[0]] == [
        ("expanding", 0),
        ("at_risk", 0),
        ("adopting", 15),
    ]


def test_today_opens_no_spell_but_that_of_a_household_without_a_sunday():
    sunday = week_of(SUNDAY, {0: {"days_since_signup": 3, "days_in_period": 3, "progress": 0.1}})
    monday = week_of(
        SUNDAY + 1,
        {
            0: {"days_since_signup": 4, "days_in_period": 4, "health": 10, "override": "growing"},
            1: {"days_since_signup": 0, "days_in_period": 0, "health": 10},
        },
    )
    entries, today = stages_of([sunday, monday], 2, is_sunday=False)
    assert entries == [(0, SUNDAY, "onboarding", 2), (1, SUNDAY + 1, "onboarding", 2)]
    assert [STAGES[stage] for stage in today["stage_today"]] == ["at_risk", "onboarding"]


def test_blockers_are_the_conditions_that_do_not_hold():
    weeks = [
        week_of(SUNDAY - 7, {0: {"days_in_period": 1, "days_since_signup": 1, "override": "adopting"}}),
        week_of(SUNDAY, {0: {"days_in_period": 8, "days_since_signup": 8, "health": 72}}),
    ]
    today = stages_of(weeks)[1].iloc[0]
    assert STAGES[today["next_stage"]] == "growing"
    assert today["stage_progress"] == 0.5
    assert json.loads(today["blockers"]) == [{"condition": "days_since_signup", "value": 8, "threshold": 90}]


def test_an_unknown_condition_blocks():
    weeks = [
        week_of(SUNDAY - 7, {0: {"days_in_period": 1, "override": "at_risk"}}),
        week_of(SUNDAY, {0: {"days_in_period": 8, "health": None, "nps": 3}}),
    ]
    today = stages_of(weeks)[1].iloc[0]
    assert today["stage_progress"] == pytest.approx(1 / 3)
    assert json.loads(today["blockers"]) == [
        {"condition": "health", "value": None, "threshold": 60},
        {"condition": "risks", "value": 1, "threshold": 0},
    ]


@given(HISTORIES)
@settings(max_examples=150, deadline=None)
def test_the_machine_equals_its_slow_statement(histories):
    households = [histories.rows(at) for at in range(histories.size)]
    weeks = histories.weeks()
    entries, _ = run(weeks, len(households), BOUNDS, first_day=SUNDAY, as_of=weeks[-1].day, is_sunday=True)
    found = {}
    for one in entries.itertuples():
        key = (one.household_number, one.seen_on)
        assert key not in found, "one entry a Sunday: a household is in exactly one stage each day"
        found[key] = STAGES[int(one.stage)]
    expected = {}
    for at, rows in enumerate(households):
        stage, by_risk = None, False
        for number, row in enumerate(rows):
            if row is None:
                stage = None
                continue
            day = SUNDAY + 7 * number
            if stage is None:
                truncated = number == 0 and row["days_since_signup"] > 0
                after, rule = first_stage(row, is_truncated=truncated), 0
                expected[at, day] = after
            else:
                after, rule = next_stage(stage, by_risk, row)
                if after != stage:
                    assert rule is not None, "stages change by a rule alone"
                    expected[at, day] = after
            if row["override"]:
                by_risk = after == "at_risk"
            elif after == "at_risk" and stage != "at_risk":
                by_risk = stage is not None and has_risk(row)
            elif after != "at_risk":
                by_risk = False
            stage = after
    assert found == expected


@given(HISTORIES)
@settings(max_examples=50, deadline=None)
def test_a_household_does_not_depend_on_the_others(histories):
    def entries_of(some: Histories) -> list[list[tuple]]:
        """The entries of each household."""
        last = SUNDAY + 7 * (WEEKS - 1)
        entries, _ = run(some.weeks(), some.size, BOUNDS, first_day=SUNDAY, as_of=last, is_sunday=True)
        found: list[list[tuple]] = [[] for _ in range(some.size)]
        for one in entries.itertuples():
            found[int(one.household_number)].append((one.seen_on, one.stage))
        return found

    alone = [entries_of(Histories((household,)))[0] for household in histories.households]
    assert entries_of(histories) == alone
