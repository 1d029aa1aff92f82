"""Rows of the tables of health scores, from a household's scorecards."""

from __future__ import annotations

from fractions import Fraction

from .facts import Home, World, as_date, latest_sunday
from .health_rules import HealthRules
from .metrics import value_of
from .scorecards import past_card, premium_adoption, score_change, scorecard, trend_name
from .windows import active_members, mean_session_minutes, tasks_done

F = Fraction
SCORE_COLUMNS = {"support_health": "support", "support_engagement": "support"}
STORED_PARTS = (
    "product_usage feature_adoption support engagement payment financial value_delivery relationship"
)
HEALTH_PARTS = ("product_usage", "feature_adoption", "support", "engagement", "payment", "value_delivery")


def trend_alerts(home: Home, d: int) -> dict[str, dict]:
    """List by metric the falls against the 30 days before."""
    if d - home.signup < home.rules.young_days or not home.has("product.events"):
        return {}
    metrics = {
        "tasks_completed": (tasks_done(home, d, 30), tasks_done(home, d - 30, 30)),
        "active_members": (len(active_members(home, d, 30)), len(active_members(home, d - 30, 30))),
        "mean_session_minutes": (mean_session_minutes(home, d, 30), mean_session_minutes(home, d - 30, 30)),
    }
    alerts = {}
    for metric, drop in home.rules.health.drops.items():
        now, before = metrics[metric]
        if now is None or not before:
            continue
        change = F(now - before) / F(before)
        if change < -drop.share and (drop.min_current is None or now > drop.min_current):
            alerts[metric] = {
                "current_value": F(now),
                "previous_value": F(before),
                "percent_change": change,
                "severity": drop.severity,
            }
    return alerts


def daily_status(score: int | None, alerts: int, rules: HealthRules) -> str | None:
    """Name the state of the day; with an unknown score only alerts count."""
    for rule in rules.daily_statuses:
        if rule.score_below is None:
            return None if score is None else rule.status
        if (score is not None and score < rule.score_below) or alerts >= rule.min_alerts:
            return rule.status
    return None


def health_alerts(home: Home, d: int, world: World) -> dict[str, dict]:
    """List by name the alerts against the previous score date."""
    rules, previous = world.rules.health, latest_sunday(d - 1)
    primary, alerts = rules.primary, {}
    now, before = (
        scorecard(primary, home, d, world),
        past_card(primary, home, d, world, previous),
    )
    grade = scorecard("graded", home, d, world).segment
    if before is None:
        return alerts
    if None not in (now.overall, before.overall) and before.overall - now.overall > rules.drop_points:
        alerts["health_score_drop"] = {
            "severity": "high",
            "health_score": now.overall,
            "previous_score": before.overall,
        }
    previous_grade = past_card("graded", home, d, world, previous).segment
    if previous_grade and grade in rules.risk_grades and previous_grade not in rules.risk_grades:
        alerts["customer_at_risk"] = {"severity": "critical"}
    return alerts


def customer_health(home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_customer_health."""
    rules = world.rules.health
    scores = health_score(rules.primary, home, d, world)
    if scores is None:
        return None
    change = score_change(rules.primary, home, d, world)
    alerts = len(trend_alerts(home, d))
    now, billed = home.line.at(d), home.has("stripe.subscription_history")
    return {
        "metric_date": as_date(d),
        "is_current": d == world.as_of,
        "health_model": rules.primary,
        "health_score": scores["overall_score"],
        "known_weight": scores["known_weight"],
        **{f"{part}_score": scores[f"{part}_score"] for part in HEALTH_PARTS},
        "premium_adoption_score": premium_adoption(home, d, world),
        "health_segment": scores["segment"],
        "health_grade": scorecard("graded", home, d, world).segment,
        "health_trend": trend_name(change, rules),
        "score_change_28d": change,
        "negative_trend_count": alerts,
        "daily_status": daily_status(scores["overall_score"], alerts, rules),
        "nps_score": value_of("nps_score", home, d, world),
        "open_tickets": value_of("open_tickets", home, d, world),
        "days_since_last_login": value_of("days_since_last_login", home, d, world),
        "plan_type": now.plan if billed else None,
        "mrr": now.mrr if billed else None,
    }


def health_score(model: str, home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_health_scores."""
    card = scorecard(model, home, d, world)
    if card is None:
        return None
    row = {"overall_score": card.overall, "known_weight": card.known_weight, "segment": card.segment}
    row |= {f"{name}_score": None for name in STORED_PARTS.split()}
    for name, part in card.parts.items():
        row[f"{SCORE_COLUMNS.get(name, name)}_score"] = part.score
    return row
