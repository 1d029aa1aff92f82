"""The rules of scorecards, read from their seeds and vars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from .seeds import falling, number_of, rows_of


class PointRule(NamedTuple):
    """A rule of seed health_points: the points of a metric for a part."""

    metric: str
    kind: str
    operator: str
    bound: Fraction | None
    worst: Fraction | None
    ideal: Fraction | None
    points: Fraction
    cap: Fraction | None
    when_metric: str
    when_min: Fraction | None
    when_max: Fraction | None


class Line(NamedTuple):
    """A row of seed health_lines: the straight line from a metric's worst value to its ideal."""

    metric: str
    worst: Fraction
    ideal: Fraction
    weight: Fraction


class Drop(NamedTuple):
    """A row of seed trend_alerts."""

    share: Fraction
    min_current: Fraction | None
    severity: str


class DailyStatus(NamedTuple):
    """A row of seed daily_statuses; the last one has no bounds."""

    status: str
    score_below: Fraction | None
    min_alerts: Fraction | None


@dataclass(frozen=True)
class HealthRules:
    """Scorecards: weights and bands by model, rules of points by part, lines by (model, part)."""

    weights: dict[str, dict[str, Fraction]]
    bands: dict[str, tuple[tuple[Fraction, str], ...]]
    points: dict[str, tuple[PointRule, ...]]
    lines: dict[tuple[str, str], tuple[Line, ...]]
    drops: dict[str, Drop]
    daily_statuses: tuple[DailyStatus, ...]
    primary: str
    least_known: Fraction
    history_weeks: int
    trend_days: int
    trend_points: int
    drop_points: int
    risk_grades: frozenset[str]
    premium_risk_days: int
    premium_risk_below: Fraction


def read_health(variables: Mapping[str, object], seeds: Path) -> HealthRules:
    """Read the rules of the scorecards from their seeds and vars."""
    weights: dict[str, dict[str, Fraction]] = {}
    for row in rows_of(seeds / "health_parts.csv"):
        weights.setdefault(row["health_model"], {})[row["part"]] = Fraction(row["weight"])
    bands = {
        model: falling(
            [row for row in rows_of(seeds / "health_bands.csv") if row["health_model"] == model], "band"
        )
        for model in weights
    }
    points: dict[str, list[tuple[int, PointRule]]] = {}
    for row in rows_of(seeds / "health_points.csv"):
        points.setdefault(row["part"], []).append((int(row["rule_order"]), _point_rule(row)))
    lines: dict[tuple[str, str], list[Line]] = {}
    for row in rows_of(seeds / "health_lines.csv"):
        weight = Fraction(int(row["weight_numerator"]), int(row["weight_denominator"]))
        line = Line(row["metric"], Fraction(row["worst"]), Fraction(row["ideal"]), weight)
        lines.setdefault((row["health_model"], row["part"]), []).append(line)
    statuses = sorted(rows_of(seeds / "daily_statuses.csv"), key=lambda row: int(row["rule_order"]))
    return HealthRules(
        weights=weights,
        bands=bands,
        points={
            part: tuple(rule for _, rule in sorted(rules, key=lambda pair: pair[0]))
            for part, rules in points.items()
        },
        lines={key: tuple(rows) for key, rows in lines.items()},
        drops={
            row["metric"]: Drop(Fraction(row["drop_share"]), number_of(row["min_current"]), row["severity"])
            for row in rows_of(seeds / "trend_alerts.csv")
        },
        daily_statuses=tuple(
            DailyStatus(row["daily_status"], number_of(row["score_below"]), number_of(row["min_alerts"]))
            for row in statuses
        ),
        primary=str(variables["primary_health_model"]),
        least_known=Fraction(str(variables["min_known_weight"])),
        history_weeks=int(variables["history_weeks"]),
        trend_days=int(variables["health_trend_days"]),
        trend_points=int(variables["health_trend_points"]),
        drop_points=int(variables["health_score_drop_points"]),
        risk_grades=frozenset(variables["at_risk_grades"]),
        premium_risk_days=int(variables["premium_risk_after_days"]),
        premium_risk_below=Fraction(str(variables["premium_risk_below"])),
    )


def _point_rule(row: dict[str, str]) -> PointRule:
    numbers = ("bound", "worst", "ideal", "points", "cap", "when_min", "when_max")
    read = {name: number_of(row[name]) for name in numbers}
    texts = {name: row[name] for name in ("metric", "kind", "operator", "when_metric")}
    return PointRule(**texts, **read)
