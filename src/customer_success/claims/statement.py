"""Checks that the figures of a claim agree with its words, before any data are read.

docs/claims.md has the rules. ``numbers`` reads the numbers; here they are compared with the claim.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .claim import AGAINST_A_FIGURE, CHURN_MODEL, Claim, MalformedClaim
from .named_periods import other_periods
from .numbers import (
    AT_LEAST,
    AT_MOST,
    DAYS,
    HOURS,
    MINUTES,
    MONEY,
    PERCENT,
    PLAIN,
    POINTS,
    TIMES,
    Number,
    read_numbers,
)  # fmt: skip

NONE, ONE, SEVERAL = "none", "one", "several"
INFINITE = math.inf
# The possible range of a metric, by its unit, or by the scale of a score where that is narrower.
RANGES = {
    "share": (0.0, 1.0), "points": (-100.0, 100.0), "ratio": (0.0, INFINITE), "hours": (0.0, INFINITE),
    "members": (0.0, INFINITE), "currency": (0.0, INFINITE), "score": (0.0, INFINITE),
    "loss": (0.0, INFINITE),
}  # fmt: skip
RANGES_OF_METRICS = {"csat": (1.0, 5.0), "avg_health_score": (0.0, 100.0)}
# Measures of the churn model are shares, and more is better, except for these.
MODEL_UNITS = {"lift_at_10pct": "ratio", "log_loss": "loss"}
MODEL_DOWN = ("log_loss", "brier", "ece")
OTHER_SIDE = {AT_LEAST: AT_MOST, AT_MOST: AT_LEAST, None: None}
_DOWN = re.compile(
    r"\b(?:fewer|less|lower|smaller|shorter|fell|falls?|fallen|dropp?(?:ed|s)?|down|decreas\w+|reduc\w+|cut"
    r"|declin\w+|shrank|shrinks?|halved|saved?)\b",
    re.I,
)
_UP = re.compile(
    r"\b(?:more|higher|greater|rose|rises?|risen|grew|grows?|grown|growth|up|increas\w+|gain\w*|doubled|twice"
    r"|tripled)\b",
    re.I,
)
_BOUNDS = re.compile(r"\b(?:(?:no|not)\s+)?(?:more|less|fewer|lower|higher|greater)\s+than\b|\bup to\b", re.I)


def numbers_of(claim: Claim, unit: str | None) -> tuple[str, str]:
    """Return how many numbers the statement has (none, one, several) and those, as a JSON list.

    They are in the metric's unit where they can be read in it; else as they are written. A number that has
    two readings makes several.
    """
    numbers = _numbers(claim, unit)
    stated = [value for number in numbers for value in _listed(number, claim, unit)]
    return _how_many(numbers), json.dumps([round(value, 12) for value in stated])


def reject(claims: Iterable[Claim], catalogue: Mapping[str, Mapping], widest: float) -> None:
    """Raise MalformedClaim with all that is wrong where figures and words of claims differ."""
    wrong = [
        f"claim {claim.claim_id}: {what}"
        for claim in claims
        for what in objections(claim, *unit_and_direction(claim, catalogue), widest)
    ]
    if wrong:
        raise MalformedClaim("; ".join(wrong))


def unit_and_direction(claim: Claim, catalogue: Mapping[str, Mapping]) -> tuple[str | None, str | None]:
    """Unit and better direction of the claimed metric; None where the metric is not known.

    ``catalogue``: metric -> mapping with ``unit`` and ``direction``.
    """
    if claim.evidence == CHURN_MODEL:
        return MODEL_UNITS.get(claim.metric, "share"), "down" if claim.metric in MODEL_DOWN else "up"
    known = catalogue.get(claim.metric, {})
    return known.get("unit"), known.get("direction")


def objections(claim: Claim, unit: str | None, direction: str | None, widest: float) -> list[str]:
    """Return the contradictions between a claim's words and its figures, a line each; empty where none is.

    ``widest``: largest tolerance of an ``equals``, as a share of the metric's range, or of the claimed value
    where the range has no end.
    """
    numbers = _numbers(claim, unit)
    found = other_periods(claim) + _vacuous(claim, unit, widest, numbers)
    wanted = claim.claimed_value
    if wanted is None:
        wanted = claim.tolerance or None
        if wanted is None and not numbers:
            return found
    matching = [number for number in numbers if wanted is not None and _says(number, wanted, claim, unit)]
    stated = ", ".join(number.text for number in numbers)
    claimed = "no value" if wanted is None else f"{wanted:g}"
    if not matching:
        if _how_many(numbers) == ONE:
            found.append(f"the statement says {stated}, the claim {claimed}")
        elif claim.status == "published" and numbers:
            found.append(
                f"is published, states {stated}, and claims {claimed}: write {claimed} into the statement"
            )
        elif claim.status == "published" and claim.claimed_value is not None:
            found.append(f"is published and its statement has no number: write {claimed} into it")
    elif claim.comparison in AGAINST_A_FIGURE:
        found += _against_its_words(claim, matching[0], direction)
    return found


def _numbers(claim: Claim, unit: str | None) -> list[Number]:
    return read_numbers(claim.statement, unit)


def _how_many(numbers: list[Number]) -> str:
    readings = sum(len(number.values) for number in numbers)
    return NONE if not readings else ONE if readings == 1 else SEVERAL


def _listed(number: Number, claim: Claim, unit: str | None) -> list[float]:
    """The values of a number, both ends of a range, unsigned by words."""
    values = (*number.values, number.high) if number.high is not None else number.values
    scaled = [_in_unit(value, number, claim, unit) for value in values]
    return [value if read is None else read for value, read in zip(values, scaled, strict=True)]


def _range_of(claim: Claim, unit: str | None) -> tuple[float, float]:
    """Lowest and highest possible value of the claimed metric."""
    if claim.scale == "relative":
        return -1.0, INFINITE
    by_unit = RANGES.get(unit or "", (-INFINITE, INFINITE))
    low, high = RANGES_OF_METRICS.get(claim.metric, by_unit)
    return (low - high, high - low) if claim.period_b else (low, high)


def _vacuous(claim: Claim, unit: str | None, widest: float, numbers: list[Number]) -> list[str]:
    """A claim that every value would support, or an ``equals`` with a tolerance that means little."""
    if claim.claimed_value is None:
        return []
    (bottom, top), (low, high) = claim.range, _range_of(claim, unit)
    if bottom <= low and high <= top:
        return [f"{claim.comparison} {claim.claimed_value:g} holds for every value: the claim has no content"]
    if claim.comparison != "equals" or any(number.high is not None for number in numbers):
        return []
    room = high - low if math.isfinite(high - low) else abs(claim.claimed_value)
    if claim.tolerance > widest * room:
        return [f"its tolerance {claim.tolerance:g} is above {widest * room:.4g}: too wide for equals"]
    return []


def _against_its_words(claim: Claim, number: Number, direction: str | None) -> list[str]:
    """How its comparison contradicts the words beside its number."""
    comparison, way = claim.comparison, _way(claim)
    stated = number.bound
    if way == "down" and claim.claimed_value < 0:  # at least 40% fewer is at most -40%
        stated = OTHER_SIDE[stated]
    if number.high is not None and comparison != "equals":
        return [] if stated == comparison else [f"the statement says the range {number.text}: use equals"]
    if stated is not None:
        if comparison == stated:
            return []
        return [f"the statement says {stated.replace('_', ' ')} {number.text}, the claim {comparison}"]
    if comparison == "equals":
        return []
    if claim.period_b:  # a plain change of 10 is not one of less than 10
        fair = AT_MOST if claim.claimed_value < 0 else AT_LEAST
    else:
        fair = {"up": AT_LEAST, "down": AT_MOST}.get(direction or "", comparison)
    if comparison == fair:
        return []
    return [f"the statement says {number.text}, and {comparison} would hold for worse: use equals or {fair}"]


def _way(claim: Claim) -> str | None:
    """Whether the statement of a change means up or down; None for a level, and where it has both or none."""
    if not claim.period_b:
        return None
    text = _BOUNDS.sub(" ", claim.statement)
    up, down = bool(_UP.search(text)), bool(_DOWN.search(text))
    return None if up == down else "up" if up else "down"


def _says(number: Number, wanted: float, claim: Claim, unit: str | None) -> bool:
    """Whether a number means the claimed value (a range: its ends are those of value ± tolerance)."""
    values = _readings(number, claim, unit)
    if number.high is not None:
        upper = _readings(replace(number, values=(number.high,)), claim, unit)
        if not values or not upper:
            return False
        low, high = sorted((values[0], upper[0]))
        if claim.comparison == "equals":
            return all(_same(a, b) for a, b in zip((low, high), claim.range, strict=True))
        return _same(low if claim.comparison == AT_LEAST else high, wanted)
    return any(_same(value, wanted) for value in values)


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _readings(number: Number, claim: Claim, unit: str | None) -> list[float]:
    """Values of a number in the unit of the claim, signed by the words of a change.

    Empty where its own unit shows that it is about something else.
    """
    scaled = [_in_unit(value, number, claim, unit) for value in number.values]
    values = [value for value in scaled if value is not None]
    if not claim.period_b or claim.comparison not in AGAINST_A_FIGURE:
        return values
    if any(value < 0 for value in values):
        return values
    if number.unit == TIMES:  # 1.5 times as many are 50% more: the sign is in the number
        return values
    way = _way(claim)
    return [signed for v in values for signed in {"up": (v,), "down": (-v,)}.get(way, (v, -v))]


def _in_unit(value: float, number: Number, claim: Claim, unit: str | None) -> float | None:
    """A number in the unit of the claim; None where its own unit is another."""
    stated = number.unit
    if claim.scale == "relative":
        return {PERCENT: value / 100, TIMES: value - 1, PLAIN: value}.get(stated)
    if unit == "share" and number.whole:
        return value / number.whole if stated == PLAIN else None
    points = value / 100 if claim.period_b else None  # percentage points of a change
    known = {
        "share": {PERCENT: value / 100, PLAIN: value, POINTS: points},
        "ratio": {PERCENT: value / 100, PLAIN: value, TIMES: value},
        "loss": {PLAIN: value},
        "points": {PLAIN: value, POINTS: value},
        "score": {PLAIN: value, POINTS: value},
        "hours": {HOURS: value, MINUTES: value / 60, DAYS: 24 * value, PLAIN: value},
        "currency": {MONEY: value, PLAIN: value},
        "members": {PLAIN: value},
    }
    return known.get(unit or "", {stated: value}).get(stated)
