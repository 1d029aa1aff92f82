"""Properties of the lifecycle machine over random histories."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pandas as pd
from histories import HISTORIES, WEEKS, Histories
from hypothesis import given, settings
from hypothesis import strategies as st
from machine import BOUNDS, SUNDAY

from customer_success.journeys import STAGES, Week, run
from customer_success.journeys.machine import Machine

NOT_CHURNED = frozenset(STAGES) - {"churned"}
# Rule: the stages that it is about, and those that it leads to (docs/journeys.md). An override is rule 0.
RULES = {
    0: (NOT_CHURNED, NOT_CHURNED),
    4: (NOT_CHURNED, {"at_risk"}),
    5: ({"trial"}, {"onboarding"}),
    6: ({"onboarding"}, {"adopting"}),
    7: ({"onboarding"}, {"at_risk"}),
    8: ({"adopting"}, {"growing"}),
    9: ({"growing"}, {"renewing"}),
    10: ({"growing"}, {"expanding"}),
    11: ({"growing"}, {"advocating"}),
    12: ({"renewing"}, {"growing"}),
    13: ({"expanding"}, {"growing"}),
    14: ({"advocating"}, {"growing"}),
    15: ({"at_risk"}, {"growing", "adopting"}),
}
# Where a period begins: by tenure where the beginning is unknown, else by rules 2 and 3, or by an override.
FIRST = {
    -1: {"onboarding", "adopting", "growing"},
    0: NOT_CHURNED,
    2: {"trial", "onboarding"},
    3: {"onboarding"},
}
EXAMPLES = settings(max_examples=60)


def entries_of(weeks: list[Week], households: int) -> pd.DataFrame:
    """The entries of a run over all weeks, by household and day."""
    last = weeks[-1].day
    entries, _ = run(weeks, households, BOUNDS, first_day=SUNDAY, as_of=last, is_sunday=True)
    return in_order(entries)


def in_order(entries: pd.DataFrame) -> pd.DataFrame:
    return entries.sort_values(["household_number", "seen_on"], ignore_index=True)


def step_on(machine: Machine, weeks: list[Week]) -> None:
    """Take the steps of more weeks."""
    for week in weeks:
        machine.enter(week, *machine.step(week, overrides=True))


def in_other_order(week: Week, order: np.random.Generator) -> Week:
    """The same customers of a day in another order."""
    at = order.permutation(len(week.household))
    return Week(week.day, *(getattr(week, name)[at] for name in Week.__slots__[1:]))


@given(HISTORIES)
@EXAMPLES
def test_stages_change_by_a_rule_that_is_about_both(histories: Histories):
    """At most one entry a Sunday, from another stage, by a rule that leads from the one to the other."""
    entries = entries_of(histories.weeks(), histories.size)
    assert not entries.duplicated(["household_number", "seen_on"]).any()
    for _, of_home in entries.groupby("household_number"):
        before = None
        for one in of_home.itertuples():
            stage, rule = STAGES[int(one.stage)], int(one.rule)
            if one.is_first:
                assert stage in FIRST[rule]
                assert rule != -1 or one.seen_on == SUNDAY  # later, the beginning is known
            else:
                froms, tos = RULES[rule]
                assert before in froms and stage in tos and stage != before
            before = stage


@given(HISTORIES)
@EXAMPLES
def test_a_customer_is_in_a_stage_on_each_sunday(histories: Histories):
    """From the first Sunday of a period on, the latest entry is one of that period."""
    weeks = histories.weeks()
    entries = entries_of(weeks, histories.size)
    for week in weeks:
        for household, period in zip(week.household, week.period, strict=True):
            known = entries[(entries["household_number"] == household) & (entries["seen_on"] <= week.day)]
            assert len(known) and known.iloc[-1]["period_from"] == period


def resumed(before: Histories, changed: Histories, touched: int) -> pd.DataFrame:
    """The entries of an old run before a day, then those of a run that begins with its state there."""
    old, kept = Machine(before.size, BOUNDS, SUNDAY), None
    for week in before.weeks():
        if week.day >= touched and kept is None:
            kept = deepcopy(old)
        step_on(old, [week])
    kept = kept or old
    past = in_order(pd.concat(old.entries, ignore_index=True)).query("seen_on < @touched")
    kept.entries = []
    step_on(kept, [week for week in changed.weeks() if week.day >= touched])
    return in_order(pd.concat([past, *kept.entries], ignore_index=True))


@given(HISTORIES, HISTORIES, st.integers(1, WEEKS - 1))
@EXAMPLES
def test_a_run_from_the_sunday_before_the_first_touched_day_gives_what_a_full_run_gives(before, after, first):
    """Late news touches a Sunday and later ones; of the past, the state before is all that is needed."""
    changed = before.changed_from(first, after)
    if changed.weeks():
        full = entries_of(changed.weeks(), changed.size)
        pd.testing.assert_frame_equal(resumed(before, changed, SUNDAY + 7 * first), full)


def test_a_run_that_begins_too_late_is_noticed():
    """The comparison can fail: the news of the Sunday before are left out."""
    quiet, ill = {}, {"health": 30}
    before, changed = (Histories(((200, (quiet, two, quiet)),)) for two in (quiet, ill))
    full = entries_of(changed.weeks(), 1)
    assert len(resumed(before, changed, SUNDAY + 7)) == len(full)
    assert len(resumed(before, changed, SUNDAY + 14)) < len(full)


@given(HISTORIES, st.integers(0, 2**32 - 1))
@EXAMPLES
def test_the_order_of_rows_does_not_matter(histories: Histories, seed: int):
    weeks = histories.weeks()
    order = np.random.default_rng(seed)
    shuffled = [in_other_order(week, order) for week in weeks]
    pd.testing.assert_frame_equal(entries_of(shuffled, histories.size), entries_of(weeks, histories.size))
