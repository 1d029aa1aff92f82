"""Onboarding: when programs began, which steps were done, and how far each has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from .facts import Home, World
from .journey_rules import JourneyRules, Program, Step
from .scorecards import premium_adoption
from .scoring import metric_points

F = Fraction
EVENTS, PLANS, PREMIUM = "product.events", "stripe.subscription_history", "premium_adoption"
SOURCES = {
    "active_members": EVENTS,
    "feature_tier": EVENTS,
    "feature_setting": "app.feature_settings",
    "pet": "app.pets",
    "member": "app.household_members",
}
TIERS = ("core", "advanced", "premium")


@dataclass(frozen=True)
class Course:
    """One start of a program: the day of each known step (None: not done), and of its completion.

    ``scores``: premium adoption by day, where the score completes the program.
    """

    program: Program
    started: int
    steps: dict[str, int | None]
    scores: tuple[tuple[int, Fraction], ...] = ()

    @property
    def required(self) -> list[str]:
        """The required steps that something records."""
        return [step.name for step in self.program.steps if step.required and step.name in self.steps]

    @property
    def completed(self) -> int | None:
        """The day on which it was completed."""
        if self.program.completion_score is not None:
            return next((day for day, score in self.scores if score >= self.program.completion_score), None)
        days = [self.steps[name] for name in self.required]
        return None if None in days or not days else max(days)

    def progress(self, d: int) -> Fraction | None:
        """Return the share of it that was done by d; None where nothing records a required step."""
        if self.program.completion_score is not None:
            best = max((score for day, score in self.scores if day <= d), default=F(0))
            return min(F(1), best / self.program.completion_score) if self.steps else None
        done = [self.steps[name] is not None and self.steps[name] <= d for name in self.required]
        return F(sum(done), len(done)) if done else None


def courses(home: Home, world: World, rules: JourneyRules) -> list[Course]:
    """Return all starts of programs by as_of_date; none of a household that never was a customer."""
    if "courses" not in home.memory:
        found = []
        for program in rules.programs.values() if not home.never else ():
            found += [_course(home, program, day, world) for day in _starts(home, program, world, rules)]
        home.memory["courses"] = found
    return home.memory["courses"]


def progress_at(home: Home, d: int, world: World, rules: JourneyRules) -> Fraction | None:
    """Return the progress of the program started by d that has come furthest."""
    known = [c.progress(d) for c in courses(home, world, rules) if c.started <= d]
    return max((share for share in known if share is not None), default=None)


def _starts(home: Home, program: Program, world: World, rules: JourneyRules) -> list[int]:
    """Return the days on which a program began.

    A household that begins on the plan of a program of its own does not begin the one of all others.
    """
    line, rank = home.line, home.rules.rank
    if program.begins_with == "signup":
        own = {other.plan for other in rules.programs.values() if other.begins_with == "first_day"}
        return [] if home.has(PLANS) and line.at(home.signup).plan in own else [home.signup]
    days = [(day, was, now) for day, was, now in line.changes() if day <= world.as_of]
    if program.begins_with == "first_day":
        return [day for day, _, now in days if now.in_force and now.plan == program.plan][:1]
    return [
        day
        for day, was, now in days
        if now.paying
        and now.plan == program.plan
        and not (was.paying and rank(was.plan) >= rank(program.plan))
    ]


def _course(home: Home, program: Program, started: int, world: World) -> Course:
    """Follow a program to as_of_date; a criterion met before counts on its first day."""
    scores: tuple[tuple[int, Fraction], ...] = ()
    steps: dict[str, int | None] = {}
    if program.completion_score is not None:
        days = _days_of_change(home, started, world)
        scored = ((day, premium_adoption(home, day, world)) for day in days)
        scores = tuple((day, score) for day, score in scored if score is not None)
    for step in program.steps:
        if _is_recorded(home, step, world):
            day = _met(home, step, started, world)
            steps[step.name] = None if day is None else max(day, started)
    return Course(program, started, steps, scores)


def _is_recorded(home: Home, step: Step, world: World) -> bool:
    """Return whether anything records such steps: its source, its event, a meeting of its template."""
    if step.criterion == "engagement":
        return step.value in world.seen.templates
    if step.criterion == "event":
        return step.value in world.seen.events
    if step.criterion == PREMIUM:
        table = "app.feature_settings" if step.value.endswith("_enabled") else EVENTS
        return home.has(table)
    return step.criterion not in SOURCES or home.has(SOURCES[step.criterion])


def _days_of_change(home: Home, started: int, world: World) -> list[int]:
    """Return the days at which premium adoption may change, from a start until the paying ends."""
    days = {started, *home.line.days, *(e.day for e in home.events), *(s[2] for s in home.settings)}
    ends = (day for day, _, now in home.line.changes() if day > started and not now.paying)
    until = min(ends, default=world.as_of + 1)
    return sorted(day for day in days if started <= day < until and day <= world.as_of)


def _met(home: Home, step: Step, started: int, world: World) -> int | None:
    """Return the first day on which the criterion of a step was met."""
    kinds = {
        "signup": lambda: [home.signup],
        "event": lambda: [e.day for e in home.events if e.name == step.value],
        "feature_setting": lambda: [
            day for _, _, day, name, on in home.settings if on and name == step.value
        ],
        "pet": lambda: [added for _, added, _ in home.pets],
        "member": partial(_joining, home, int(step.value or 1) if step.criterion == "member" else 0),
        "engagement": lambda: [
            t.day for t in home.touches if (t.kind, t.event, t.template) == ("meeting", "held", step.value)
        ],
        "active_members": lambda: _crowded(home, int(step.value)),
        "feature_tier": lambda: _uses(home, step.value),
        PREMIUM: lambda: _first_points(home, step.value, started, world),
    }
    return min((day for day in kinds[step.criterion]() if day <= world.as_of), default=None)


def _joining(home: Home, number: int) -> list[int]:
    """Return the day on which the n-th person joined; one who joins again is the same person."""
    first: dict[str, int] = {}
    for user, joined, _ in home.members:
        first[user] = min(joined, first.get(user, joined))
    return sorted(first.values())[number - 1 : number]


def _crowded(home: Home, number: int) -> list[int]:
    """Return the days with at least so many active members."""
    users: dict[int, set[str]] = {}
    for event in home.events:
        users.setdefault(event.day, set()).add(event.user)
    return [day for day, there in users.items() if len(there) >= number]


def _uses(home: Home, tier: str) -> list[int]:
    """Return the days with a use of a feature of a tier or a higher one."""
    high = TIERS[TIERS.index(tier) :]
    return [e.day for e in home.events if home.rules.feature_tiers.get(e.feature) in high]


def _first_points(home: Home, metric: str, started: int, world: World) -> list[int]:
    """Return the first day on which a metric of premium adoption has points, while the household pays."""
    for day in _days_of_change(home, started, world):
        paying = premium_adoption(home, day, world) is not None
        if paying and metric_points(PREMIUM, metric, home, day, world):
            return [day]
    return []


def onboarding_rows(home: Home, world: World, rules: JourneyRules) -> Iterator[dict]:
    """Make the rows of fct_onboarding."""
    found = courses(home, world, rules)
    for course in found:
        d, program = world.as_of, course.program
        done = {name: day for name, day in course.steps.items() if day is not None}
        last = max(done.values(), default=None)
        left = [name for name, day in course.steps.items() if day is None]
        first = [course.steps.get(step.name) for step in program.steps if step.is_first_value]
        due, late = _milestones(course, d)
        yield {
            "program": program.name,
            "started_on": course.started,
            "status": _status(home, course, last, d),
            "progress": course.progress(d),
            "current_step": left[0] if left and course.completed is None else None,
            "last_step_on": last,
            "days_since_last_step": None if last is None else d - last,
            "first_value_on": first[0] if first else None,
            "completed_on": course.completed,
            "milestones_due": due,
            "milestones_late": late,
            "is_current": course.started == max(c.started for c in found if c.program.name == program.name),
        }


def _milestones(course: Course, d: int) -> tuple[int, int]:
    """Count the milestones that are due by d, and those of them that were not met by their day."""
    due = late = 0
    for day, names in course.program.milestones.items():
        known = [course.steps[name] for name in names if name in course.steps]
        limit = course.started + day
        if known and limit <= d:
            due += 1
            late += any(done is None or done > limit for done in known)
    return due, late


def _status(home: Home, course: Course, last: int | None, d: int) -> str:
    """Return the first status that holds at d."""
    program, started = course.program, course.started
    signed = {step.name for step in program.steps if step.criterion == "signup"}
    if course.completed is not None:
        return "completed"
    if any(s.reactivated is None or s.reactivated > started for s in home.spells):
        return "churned"
    if d - started >= program.length + home.rules.whole("onboarding_abandoned_days"):
        return "abandoned"
    if d - (started if last is None else last) > program.stalled_after:
        return "stalled"
    return (
        "in_progress"
        if any(course.steps[name] is not None for name in course.steps.keys() - signed)
        else "not_started"
    )


def step_rows(home: Home, world: World, rules: JourneyRules) -> Iterator[dict]:
    """Make the rows of fct_onboarding_steps; a step that nothing records is not required."""
    for course in courses(home, world, rules):
        for step in course.program.steps:
            yield {
                "program": course.program.name,
                "started_on": course.started,
                "step": step.name,
                "is_required": step.required and step.name in course.steps,
                "completed_on": course.steps.get(step.name),
            }
