"""Marts that rules make of the facts of a household: risk, signals, alerts, findings, profiles, messages.

The facts are recounted from the raw rows of the drawn households, the rules are read from their seeds. The
windows of alerts on sentiment are vars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from customer_success.recount.households import health_tables, profiles, scorecards, windows
from customer_success.recount.households.facts import Home, World, as_date, within
from customer_success.recount.households.metrics import value_of

from .rule_rows import F, holds, metric, seed
from .summed import PROFILE

Row = dict[str, object]

WRITTEN = ("zendesk.ticket_comment", "survey.response", "hubspot.engagement")


def churn_risk(home: Home, d: int, world: World) -> Iterator[Row]:
    """The points of each rule, their sum up to 100, and its band."""
    points = {}
    rules = seed("churn/churn_risk_rules")
    for part in dict.fromkeys(rule["part"] for rule in rules):
        own = [rule for rule in rules if rule["part"] == part]
        value = metric(own[0]["metric"], home, d, world)
        points[part] = (
            None if value is None else next((p for r in own if (p := _points(r, value, home, d))), 0)
        )
    known = [value for value in points.values() if value is not None]
    score = min(100, sum(known)) if known else None
    bands = sorted(seed("churn/churn_risk_bands"), key=lambda row: -int(row["min_score"]))
    yield {
        "is_current": d == world.as_of,
        "churn_risk_score": score,
        "churn_risk_segment": next(
            (b["band"] for b in bands if known and score >= int(b["min_score"])), None
        ),
        **{f"{part}_points": value for part, value in points.items()},
    }


def _points(rule: Mapping[str, str], value: int | Fraction, home: Home, d: int) -> Fraction:
    if rule["kind"] == "step":
        return F(rule["points"]) if holds(rule, value, home, d) else F(0)
    given = F(rule["points"]) * value
    return min(given, F(rule["cap"])) if rule["cap"] else given


def churn_signals(home: Home, d: int, world: World) -> Iterator[Row]:
    """The signals that hold; some only of today."""
    for rule in seed("churn/churn_signals"):
        if rule["current_only"].lower() == "true" and d != world.as_of:
            continue
        value = metric(rule["metric"], home, d, world)
        if holds(rule, value, home, d, "threshold"):
            kept = {name: rule[name] for name in ("signal", "severity", "description")}
            yield {**kept, "threshold": F(rule["threshold"]), "value": value}


def risk_factors(home: Home, d: int, world: World) -> Iterator[Row]:
    """The risk factors of a prediction."""
    for rule in seed("churn/churn_risk_factors"):
        if holds(rule, metric(rule["metric"], home, d, world), home, d):
            yield {name: rule[name] for name in ("type", "severity", "description", "impact")}


def retention_trend(home: Home, d: int, world: World) -> Iterator[Row]:
    """The direction of the B2B score."""
    change = scorecards.score_change("retention_b2b", home, d, world)
    yield {"health_trend": scorecards.trend_name(change, world.rules.health)}


def trend_alerts(home: Home, d: int, world: World) -> Iterator[Row]:
    """The falls of metrics against the 30 days before."""
    for name, row in health_tables.trend_alerts(home, d).items():
        yield {"metric": name, **row}


def findings(home: Home, d: int, world: World) -> Iterator[Row]:
    """Risks and opportunities of the household and of the parts of its graded score."""
    household = {
        "growth_share": profiles.growth_share(home, d),
        "limit_share": windows.limit_share(home, d),
    }
    for rule in seed("health/health_findings"):
        name = rule["metric"]
        if rule["scope"] == "household":
            values = {"household": household[name] if name in household else value_of(name, home, d, world)}
        else:
            card = scorecards.scorecard("graded", home, d, world)
            values = {
                part: card.parts[part].score
                if name == "score"
                else scorecards.part_change("graded", part, home, d, world)
                for part in card.parts
            }
        for part, value in values.items():
            if holds(rule, value, home, d):
                yield {"kind": rule["kind"], "finding": rule["finding"], "part": part, "value": value}


def profile(home: Home, d: int, world: World) -> Iterator[Row]:
    """The levels of a customer, the segment and the action that follow from them."""
    metrics = profiles.profile_metrics(home, d)
    levels = {dimension: _level(dimension, metrics, home, d) for dimension in PROFILE}
    score = scorecards.scorecard(world.rules.health.primary, home, d, world).overall
    segment = next(
        rule["behavioral_segment"]
        for rule in seed("health/behavioral_segments")
        if _between(score, rule["min_score"], rule["max_score"])
        and _between(metrics["nps_score"], rule["min_nps"], rule["max_nps"])
    )
    action = next(
        rule["recommended_action"]
        for rule in seed("health/recommended_actions")
        if all(rule[dimension] in ("", levels[dimension]) for dimension in PROFILE)
    )
    shown = {name: value for name, value in metrics.items() if name != "active_share"}
    yield {"is_active": True, **levels, **shown, "behavioral_segment": segment, "recommended_action": action}


def _level(dimension: str, metrics: Mapping[str, int | Fraction | None], home: Home, d: int) -> str | None:
    rules = [rule for rule in seed("health/profile_levels") if rule["dimension"] == dimension]
    known = [rule for rule in rules if rule["operator"] != "unknown"]
    other = [rule["level"] for rule in rules if rule["operator"] == "unknown"]
    found = (rule["level"] for rule in known if holds(rule, metrics[rule["metric"]], home, d))
    return next(found, other[0] if other else None)


def _between(value: int | None, least: str, most: str) -> bool:
    """Return whether a known value lies within the bounds that a rule has."""
    if value is None:
        return not least and not most
    return (not least or value >= int(least)) and (not most or value <= int(most))


def premium_risk(home: Home, d: int, world: World) -> Iterator[Row]:
    """The customers who pay for a plan and use little of it."""
    row = profiles.premium_risk(home, d, world)
    if row is not None:
        upgraded = windows.upgrade_day(home, d)
        missing = sorted(row["missing_features"])
        plan = home.line.at(d).plan
        yield row | {"upgraded_on": as_date(upgraded), "plan_type": plan, "missing_features": missing}


def messages(home: Home, d: int, world: World) -> Iterator[Row]:
    """Every message with its sentiment."""
    for message in home.messages:
        yield {
            "message_id": message.id,
            "sentiment": message.sentiment,
            "compound": message.compound,
            "frustration_score": message.frustration,
            "emotions": None if message.emotions is None else sorted(message.emotions),
            "primary_complaint": message.complaint,
            "unscored_reason": message.unscored,
        }


def decay(variables: Mapping[str, object]) -> Callable[[Home, int, World], Iterator[Row]]:
    """How much less a customer writes than before."""
    days, before = (int(variables[f"sentiment_{name}_days"]) for name in ("window", "before"))

    def rows(home: Home, d: int, world: World) -> Iterator[Row]:
        if not any(home.has(table) for table in WRITTEN):
            yield dict.fromkeys(("messages_30d", "messages_prior_90d", "decay_score"))
            return
        replies = [t.day for t in home.touches if t.kind == "outreach" and t.event == "replied"]
        written = [*home.contacts_made, *replies]
        now = sum(within(day, d, days) for day in written)
        past = sum(within(day, d - days, before) for day in written)
        share = 1 - min(F(1), F(now * before, past * days)) if past else None
        yield {"messages_30d": now, "messages_prior_90d": past, "decay_score": share}

    return rows


def sentiment_alerts(variables: Mapping[str, object]) -> Callable[[Home, int, World], Iterator[Row]]:
    """The alerts of each day with a scored message."""
    days, before = (int(variables[f"sentiment_{name}_days"]) for name in ("window", "before"))
    last = int(variables["sentiment_last_messages"])

    def rows(home: Home, d: int, world: World) -> Iterator[Row]:
        scored = [message for message in home.messages if message.compound is not None]
        for day in sorted({message.day for message in scored}):
            now = windows.mean(m.compound for m in scored if within(m.day, day, days))
            past = windows.mean(m.compound for m in scored if within(m.day, day - days, before))
            lately = [m for m in scored if m.day <= day][-last:]
            values = {
                "sentiment_drop": None if past is None else past - now,
                "negative_of_last": sum(m.sentiment == "Negative" for m in lately),
                "frustration_score": max(m.frustration for m in scored if m.day == day),
            }
            yield from _alerts(values, home, day)

    return rows


def _alerts(values: Mapping[str, int | Fraction | None], home: Home, day: int) -> Iterable[Row]:
    for rule in seed("feedback/sentiment_alerts"):
        value = values[rule["metric"]]
        if holds(rule, value, home, day, "threshold"):
            kept = {"alert": rule["alert"], "severity": rule["severity"], "detected_on": as_date(day)}
            yield kept | {"value": value, "threshold": F(rule["threshold"])}
