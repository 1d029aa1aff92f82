"""Scorecards: parts weighted into a score, and how the score changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .facts import Home, World, latest_sunday
from .health_rules import HealthRules
from .scoring import Part, Score, part_of, points_of

F = Fraction
DECIMALS = 10**9  # an unrounded score has nine decimals, so a half is exact


def half_away(value: Fraction) -> int:
    """Round to a whole number, half away from zero."""
    whole = math.floor(abs(value) + F(1, 2))
    return whole if value >= 0 else -whole


def band(model: str, score: int | None, rules: HealthRules) -> str | None:
    """Name the band of a rounded score."""
    if score is None:
        return None
    return next((name for bound, name in rules.bands[model] if score >= bound), None)


def overall_score(
    parts: Mapping[str, Part], weights: Mapping[str, Fraction], least_known: Fraction
) -> tuple[int | None, Fraction]:
    """Return the published score and the weight that is known (0-1).

    The score (0-100) is the weighted mean of the known parts, rounded once, half away from zero; None where
    less than ``least_known`` of the weight is known.
    """
    known = sum((weights[name] * part.known for name, part in parts.items()), F(0))
    scored = {name: part.score for name, part in parts.items() if part.score is not None and weights[name]}
    if not scored or known < least_known:
        return None, known
    total = sum(weights[name] * score for name, score in scored.items())
    mean = total / sum(weights[name] for name in scored)
    return half_away(F(half_away(mean * DECIMALS), DECIMALS)), known


@dataclass(frozen=True)
class Scorecard:
    """One scorecard of one household on one day."""

    model: str
    parts: dict[str, Part]
    overall: int | None
    known_weight: Fraction
    segment: str | None


def scorecard(model: str, home: Home, d: int, world: World) -> Scorecard | None:
    """Compute a scorecard; None for a household that is no customer at d."""
    if not home.is_customer(d):
        return None
    if (model, d) not in home.memory:
        rules = home.rules.health
        weights = rules.weights[model]
        parts = {part: part_of(model, part, home, d, world) for part in weights}
        overall, known = overall_score(parts, weights, rules.least_known)
        home.memory[model, d] = Scorecard(model, parts, overall, known, band(model, overall, rules))
    return home.memory[model, d]


def primary_score(home: Home, d: int, world: World) -> int | None:
    """Return the primary score at d; None where there is none."""
    card = scorecard(world.rules.health.primary, home, d, world)
    return None if card is None else card.overall


def premium_adoption(home: Home, d: int, world: World) -> Score:
    """How much of its plan the household uses; only for paying households."""
    state = home.line.at(d)
    if not state.paying or not home.rules.rank(state.plan):
        return None
    return points_of("premium_adoption", home, d, world)


def trend_date(d: int, world: World) -> int:
    """Find the latest Sunday over which the trend of a score is taken."""
    return latest_sunday(d - world.rules.health.trend_days)


def past_card(model: str, home: Home, d: int, world: World, past: int) -> Scorecard | None:
    """Compute the scorecard of an earlier date; None if that is no score date."""
    return scorecard(model, home, past, world) if past in world.scored_dates() else None


def score_change(model: str, home: Home, d: int, world: World) -> int | None:
    """Compare the score with that of the trend's date."""
    now = scorecard(model, home, d, world)
    past = past_card(model, home, d, world, trend_date(d, world))
    if past is None or past.overall is None or now.overall is None:
        return None
    return now.overall - past.overall


def part_change(model: str, part: str, home: Home, d: int, world: World) -> Score:
    """Compare a part with what it was at the trend's date."""
    now = scorecard(model, home, d, world)
    past = past_card(model, home, d, world, trend_date(d, world))
    if past is None or past.parts[part].score is None or now.parts[part].score is None:
        return None
    return now.parts[part].score - past.parts[part].score


def trend_name(change: int | None, rules: HealthRules) -> str | None:
    """Name the direction of a score."""
    if change is None:
        return None
    bound = rules.trend_points
    return "improving" if change > bound else "declining" if change < -bound else "stable"
