"""The state machine of `lifecycle`, run over the Sundays of all households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .lifecycle import AT_RISK, NONE, OVERRIDE, Step, Thresholds, Week, advance, begin, unmoved
from .outlook import outlook

COLUMNS = ("household_number", "period_from", "seen_on", "is_first", "stage", "rule", "value", "threshold")


@dataclass(slots=True)
class Machine:
    """The stage of each household as of the last Sunday seen, and the entries so far."""

    households: int
    bounds: Thresholds
    first_day: int
    stage: np.ndarray = field(init=False)
    by_risk: np.ndarray = field(init=False)
    period: np.ndarray = field(init=False)
    entries: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stage = np.full(self.households, NONE, dtype=np.int8)
        self.by_risk = np.zeros(self.households, dtype=bool)
        self.period = np.full(self.households, np.iinfo(np.int64).min)

    def step(self, week: Week, *, overrides: bool) -> tuple[Step, np.ndarray]:
        """Where the customers of a day go, and for which of them it is the first day of a period."""
        is_first = self.period[week.household] != week.period
        truncated = (week.day == self.first_day) & (week.days_since_signup > 0)
        begun = begin(week, self.bounds, np.broadcast_to(truncated, is_first.shape))
        moved = advance(self.stage[week.household], self.by_risk[week.household], week, self.bounds)
        step = unmoved(moved.stage, moved.by_risk)
        for name in ("stage", "by_risk", "rule", "value", "threshold"):
            setattr(step, name, np.where(is_first, getattr(begun, name), getattr(moved, name)))
        if overrides:
            forced = week.override != NONE
            step.stage = np.where(forced, week.override, step.stage).astype(np.int8)
            step.by_risk = np.where(forced, week.override == AT_RISK, step.by_risk)
            step.rule = np.where(forced, OVERRIDE, step.rule)
            for name in ("value", "threshold"):
                setattr(step, name, np.where(forced, np.nan, getattr(step, name)))
        return step, is_first

    def enter(self, week: Week, step: Step, is_first: np.ndarray) -> None:
        """Take a step for good and note who entered a stage by it."""
        at = is_first | (step.stage != self.stage[week.household])
        entered = {
            "household_number": week.household[at],
            "period_from": week.period[at],
            "seen_on": np.full(int(at.sum()), week.day),
            "is_first": is_first[at],
            "stage": step.stage[at],
            "rule": step.rule[at],
            "value": step.value[at],
            "threshold": step.threshold[at],
        }
        self.entries.append(pd.DataFrame(entered))
        self.stage[week.household] = step.stage
        self.by_risk[week.household] = step.by_risk
        self.period[week.household] = week.period


def run(
    weeks: Iterable[Week], households: int, bounds: Thresholds, *, first_day: int, as_of: int, is_sunday: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run the machine over the Sundays of ``weeks`` and the day ``as_of``, the last of them, in their order.

    Return the entries into stages (`Machine.enter`; stages by number) and, of the customers at ``as_of``, the
    stage that the rules give on that day, with the week and the state they rest on (`outlook.outlook`). Where
    ``as_of`` is no Sunday it opens no spell, except for a household that has not seen a Sunday since it came.
    """
    machine = Machine(households, bounds, first_day)
    today = pd.DataFrame()
    for week in weeks:
        step, is_first = machine.step(week, overrides=week.day != as_of or is_sunday)
        if week.day != as_of or is_sunday:
            machine.enter(week, step, is_first)
        else:
            _enter_some(machine, week, step, is_first)
        if week.day == as_of:
            today = outlook(week, step.stage, machine.stage, machine.by_risk, bounds)
    none = pd.DataFrame(columns=COLUMNS)
    entries = pd.concat(machine.entries, ignore_index=True) if machine.entries else none
    return entries, today


def _enter_some(machine: Machine, week: Week, step: Step, at: np.ndarray) -> None:
    """Take the step only of those who are in their first day of a period."""
    part = Week(week.day, *(getattr(week, name)[at] for name in Week.__slots__[1:]))
    taken = Step(step.stage[at], step.by_risk[at], step.rule[at], step.value[at], step.threshold[at])
    machine.enter(part, taken, np.ones(int(at.sum()), dtype=bool))
