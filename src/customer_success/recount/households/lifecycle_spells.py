"""The nine stages of the lifecycle as spells: the machine goes one step a Sunday."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from .facts import latest_sunday
from .journey import segments
from .lifecycle import NEXT, OVERRIDE, Machine, Move, Spell


def spells(machine: Machine) -> list[Spell]:
    """Return the spells from the first score date on, or from signup where that is later."""
    home, world = machine.home, machine.world
    if home.never or home.signup > world.as_of:
        return []
    first = world.score_dates()[0]
    found: list[Spell] = []
    for begins, ends, kind in segments(home, world.as_of):
        if ends is not None and ends <= first:
            continue
        is_old = home.signup < first and begins <= first
        if kind is not None:
            begins = max(begins, first) if is_old else begins
            found.append(Spell(Move("churned", "1"), begins, ends, is_old))
            continue
        how = "return" if begins != home.signup else "signup"
        found += _of_customer(
            machine, max(begins, first) if is_old else begins, ends, "old" if is_old else how
        )
    return found


def _of_customer(machine: Machine, start: int, ends: int | None, how: str) -> Iterator[Spell]:
    """Yield the spells of a run of days as a customer: a beginning, then one step a Sunday."""
    world = machine.world
    until = world.as_of + 1 if ends is None else ends
    sundays = [d for d in world.score_dates() if start <= d < until and d == latest_sunday(d)]
    move = machine.beginning(sundays[0] if sundays else until - 1, how)
    spell = Spell(move, start, truncated=how == "old", since=sundays[0] if sundays else None)
    for sunday in sundays:
        manual = machine.override(sunday)
        if manual:
            new = Move(manual, OVERRIDE)
        elif sunday == sundays[0]:
            continue
        elif spell.stage == "churned":  # set by a person; it is a customer all the same
            new = Move("onboarding", "3")
        else:
            new = machine.step(sunday, spell)
        if new is None:
            continue
        if sunday == sundays[0]:
            spell = replace(spell, move=new, is_manual=True)
        elif new.stage == spell.stage:
            spell = replace(spell, is_put=True) if manual else spell
        else:
            yield replace(spell, left=sunday)
            spell = Spell(new, sunday, is_manual=manual is not None, since=sunday)
    yield replace(spell, left=ends)


def stage_today(machine: Machine, spell: Spell) -> str:
    """Return the stage of as_of_date that the rules give after the current spell."""
    d = machine.world.as_of
    if not machine.home.is_customer(d):
        return "churned"
    if spell.since is None or d == latest_sunday(d):
        return spell.stage
    if spell.stage == "churned":
        return "onboarding"
    new = machine.step(d, spell)
    return spell.stage if new is None else new.stage


def lifecycle_rows(machine: Machine) -> Iterator[dict]:
    """Make the rows of fct_lifecycle_stages, without what explains the current spell."""
    before = None
    for number, spell in enumerate(spells(machine), start=1):
        ends = machine.world.as_of if spell.left is None else spell.left
        is_known, is_open = not spell.truncated, spell.left is None
        met = machine.conditions(machine.world.as_of, spell) if is_open else []
        recovery = machine.recovery(machine.world.as_of)
        yield {
            "spell_number": number,
            "stage": spell.stage,
            "entered_on": spell.entered if is_known else None,
            "left_on": spell.left,
            "days_in_stage": ends - spell.entered if is_known else None,
            "previous_stage": before if is_known else None,
            "rule": spell.rule if is_known else None,
            "value": spell.move.value if is_known else None,
            "threshold": spell.move.threshold if is_known else None,
            "triggered_by": ("manual" if spell.is_manual else "automatic") if is_known else None,
            "stage_today": stage_today(machine, spell) if is_open else None,
            "next_stage": (recovery if spell.stage == "at_risk" else NEXT.get(spell.stage))
            if is_open
            else None,
            "stage_progress": Fraction(sum(met), len(met)) if met else None,
            "blocker_count": met.count(False) if is_open and met else None,
            "is_left_truncated": spell.truncated,
            "is_current": is_open,
        }
        before = spell.stage
