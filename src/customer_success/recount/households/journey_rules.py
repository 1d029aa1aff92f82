"""The rules of journeys that a company may tune, read from their seeds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from .seeds import SEEDS, falling, pairs_of, rows_of


class Step(NamedTuple):
    """A step of an onboarding program."""

    name: str
    required: bool
    criterion: str
    value: str
    is_first_value: bool


@dataclass(frozen=True)
class Program:
    """An onboarding program; steps in their order, milestones as the steps due by a day of the program."""

    name: str
    begins_with: str
    plan: str | None
    length: int
    stalled_after: int
    completion_score: int | None
    steps: tuple[Step, ...]
    milestones: dict[int, tuple[str, ...]]


class EngagementMetric(NamedTuple):
    """A measure of the engagement score."""

    name: str
    full: Fraction
    weight: Fraction


class DropOff(NamedTuple):
    """What the documents say of the losses of a stage."""

    stage: str
    within: int | None
    entered_before: int | None
    stated: Fraction | None


@dataclass(frozen=True)
class JourneyRules:
    """All of them. ``triggers`` is by (stage left, stage entered); ``specializations`` by plan."""

    programs: dict[str, Program]
    engagement: tuple[EngagementMetric, ...]
    levels: tuple[tuple[Fraction, str], ...]
    triggers: dict[tuple[str, str], str]
    drop_offs: tuple[DropOff, ...]
    thresholds: dict[str, Fraction]
    csm_roles: frozenset[str]
    specializations: dict[str, frozenset[str]]

    @classmethod
    def read(cls, seeds: Path = SEEDS / "journeys") -> JourneyRules:
        """Read the seeds. Raises FileNotFoundError or KeyError where a seed or a column is missing."""
        plans: dict[str, set[str]] = {}
        for row in rows_of(seeds / "csm_specializations.csv"):
            plans.setdefault(row["plan_type"], set()).add(row["specialization"])
        return cls(
            programs={
                row["program"]: _program(row, seeds) for row in rows_of(seeds / "onboarding_programs.csv")
            },
            engagement=tuple(
                EngagementMetric(row["metric"], Fraction(row["full_value"]), Fraction(row["weight"]))
                for row in rows_of(seeds / "engagement_metrics.csv")
            ),
            levels=falling(rows_of(seeds / "engagement_levels.csv"), "band"),
            triggers={
                (row["from_stage"], row["to_stage"]): row["trigger_event"]
                for row in rows_of(seeds / "journey_triggers.csv")
            },
            drop_offs=tuple(_drop_off(row) for row in rows_of(seeds / "journey_drop_offs.csv")),
            thresholds={
                name: Fraction(value)
                for name, value in pairs_of(seeds / "lifecycle_thresholds.csv", "name", "threshold").items()
            },
            csm_roles=frozenset(
                row["role"].strip().lower()
                for row in rows_of(seeds / "csm_roles.csv")
                if row["is_csm"].lower() == "true"
            ),
            specializations={plan: frozenset(names) for plan, names in plans.items()},
        )


def _program(row: dict[str, str], seeds: Path) -> Program:
    name = row["program"]
    steps = [step for step in rows_of(seeds / "onboarding_steps.csv") if step["program"] == name]
    milestones: dict[int, list[str]] = {}
    for one in rows_of(seeds / "onboarding_milestones.csv"):
        if one["program"] == name:
            milestones.setdefault(int(one["milestone_day"]), []).append(one["step"])
    return Program(
        name=name,
        begins_with=row["begins_with"],
        plan=row["plan_type"] or None,
        length=int(row["length_days"]),
        stalled_after=int(row["stalled_after_days"]),
        completion_score=int(row["completion_score"]) if row["completion_score"] else None,
        steps=tuple(_step(step) for step in sorted(steps, key=lambda step: int(step["step_order"]))),
        milestones={day: tuple(names) for day, names in milestones.items()},
    )


def _step(row: dict[str, str]) -> Step:
    required, first = (row[name].lower() == "true" for name in ("is_required", "is_first_value"))
    return Step(row["step"], required, row["criterion"], row["criterion_value"], first)


def _drop_off(row: dict[str, str]) -> DropOff:
    days = (int(row[name]) if row[name] else None for name in ("within_days", "entered_days_ago"))
    return DropOff(row["stage"], *days, Fraction(row["stated_rate"]) if row["stated_rate"] else None)
