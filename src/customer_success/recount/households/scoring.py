"""Computes the scores of parts from metrics, by the rules of the seeds."""

from __future__ import annotations

import operator
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from . import metrics_of_relations  # noqa: F401  (registers its metrics)
from .facts import Home, World
from .health_rules import Line, PointRule
from .metrics import Value, metric, value_of

F = Fraction
Score = Fraction | None
COMPARES = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
# Without the desk the parts on support are unknown, even where surveys exist.
NEEDS_DESK = ("support_health", "support_engagement")


class Part(NamedTuple):
    """The score of a part (0 to 100) and the share of its metric weight that is known."""

    score: Score
    known: Fraction


def clamp(value) -> Fraction:
    """Keep a score between 0 and 100."""
    return min(F(100), max(F(0), F(value)))


def on_line(value: Value, worst: Fraction, ideal: Fraction) -> Score:
    """Score a value on the straight line from worst (0) to ideal (100)."""
    return None if value is None else clamp(100 * (F(value) - worst) / (ideal - worst))


def points_of(part: str, home: Home, d: int, world: World) -> Score:
    """Add up the points of the metrics of a part, 0 to 100; None where all of them are unknown."""
    if part in NEEDS_DESK and not home.has("zendesk.ticket"):
        return None
    total, known = F(0), False
    for name, rules in groupby(
        sorted(home.rules.health.points[part], key=lambda rule: rule.metric), lambda rule: rule.metric
    ):
        rules = list(rules)
        if rules[0].kind == "base":
            total += sum(rule.points for rule in rules)
            continue
        value = value_of(name, home, d, world)
        known = known or value is not None
        total += next((_points(r, value) for r in rules if _holds(r, value, home, d, world)), F(0))
    return clamp(total) if known else None


def metric_points(part: str, name: str, home: Home, d: int, world: World) -> Fraction:
    """Return the points that one metric gives to a part; 0 where it is unknown."""
    rules = (rule for rule in home.rules.health.points[part] if rule.metric == name)
    value = value_of(name, home, d, world)
    return next((_points(rule, value) for rule in rules if _holds(rule, value, home, d, world)), F(0))


def _holds(rule: PointRule, value: Value, home: Home, d: int, world: World) -> bool:
    if value is None:
        return False
    for bound, compare in ((rule.when_min, operator.ge), (rule.when_max, operator.le)):
        if bound is not None:
            other = value_of(rule.when_metric, home, d, world)
            if other is None or not compare(other, bound):
                return False
    if rule.kind == "match":
        return value == rule.operator
    return rule.kind != "step" or COMPARES[rule.operator](value, rule.bound)


def _points(rule: PointRule, value: Value) -> Fraction:
    if rule.kind == "line":
        return rule.points * on_line(value, rule.worst, rule.ideal) / 100
    if rule.kind != "per_unit":
        return rule.points
    given = rule.points * F(value)
    if rule.cap is None:
        return given
    return max(-rule.cap, given) if rule.points < 0 else min(rule.cap, given)


def weigh(lines: tuple[Line, ...], home: Home, d: int, world: World) -> Part:
    """Take the weighted mean of the known metrics; the weights of a part add up to 1."""
    scores = [
        (on_line(value_of(line.metric, home, d, world), line.worst, line.ideal), line) for line in lines
    ]
    known = sum((line.weight for score, line in scores if score is not None), F(0))
    if not known:
        return Part(None, F(0))
    return Part(sum(score * line.weight for score, line in scores if score is not None) / known, known)


def part_of(model: str, part: str, home: Home, d: int, world: World) -> Part:
    """Score a part of a scorecard: by lines where it has some, else by points."""
    lines = home.rules.health.lines.get((model, part))
    if lines is not None:
        return weigh(lines, home, d, world)
    prefix = "b2b_" if model == "retention_b2b" else ""
    score = points_of(prefix + part, home, d, world)
    return Part(score, F(0) if score is None else F(1))


@metric("payment_ratio", "stripe.subscription_history")
def payment_ratio(home: Home, d: int, world: World) -> Value:
    """Score of part payment as a share; of paying households."""
    score = points_of("payment", home, d, world)
    return score / 100 if home.line.at(d).paying and score is not None else None
