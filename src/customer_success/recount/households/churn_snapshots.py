"""The input of the classifier, recomputed household by household."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from . import churn_risk, facts, scorecards, scoring, values, windows
from .churn import Spell
from .facts import Home, World, as_date, within

F = Fraction
WEEKENDS = (2, 3)  # day 2 of the epoch was a Saturday
# Features that are unknown, and not 0 or false, where the company does not have one of these raw tables.
NEEDED = {
    "plan_type": ("stripe.subscription_history",),
    "mrr": ("stripe.subscription_history",),
    "expansions_365d": ("stripe.subscription_history",),
    "failed_charges_90d": ("stripe.charge",),
    "members": ("app.household_members",),
    "active_members_ratio": ("product.events",),
    "new_features_adopted_90d": ("product.events",),
    "task_completion_trend": ("product.events",),
    "login_frequency_trend": ("product.events",),
    "has_unresolved_critical_ticket": ("zendesk.ticket", "zendesk.ticket_field_history"),
    "tickets_30d": ("zendesk.ticket",),
    "tickets_90d": ("zendesk.ticket",),
    "pets": ("app.pets",),
    "days_since_last_activity": ("product.events",),
}


def snapshot_dates(world: World) -> list[int]:
    """Go back from the last Sunday whose outcomes are known, horizon and silence, by equal steps."""
    rules = world.rules
    last = facts.latest_sunday(world.as_of - rules.horizon_days - rules.silent_days)
    return [last - rules.snapshot_days * number for number in range(rules.snapshot_count)]


def next_spell(home: Home, d: int) -> Spell | None:
    """Find the first spell of churn after d."""
    return next((spell for spell in home.spells if spell.churned > d), None)


def leaves_within(home: Home, d: int, days: int) -> bool:
    """Return whether the customer at d leaves within so many days."""
    return any(spell.churned > d and spell.left <= d + days for spell in home.spells)


def trend(home: Home, d: int, now, before) -> Fraction | None:
    """Compare 30 days with the 30 before: relative to the earlier, at least 1; within ±1."""
    if d - home.signup < home.rules.young_days or now is None or before is None:
        return None
    return min(F(1), max(F(-1), F(now - before) / max(F(before), F(1))))


def share(part: int, whole: int) -> Fraction | None:
    """Divide; unknown where the divisor is 0."""
    return F(part, whole) if whole else None


def satisfaction_drop(home: Home, d: int) -> Fraction | None:
    """By how much the CSAT of 30 days lies below that of 90."""
    now, before = windows.csat_given(home, d, 30), windows.csat_given(home, d, 90)
    return None if now is None else before - now


def days_until_renewal(home: Home, d: int) -> int | None:
    """Count the days to the end of the present period."""
    main = home.line.at(d).main
    if main is None or pd.isna(main.current_period_end):
        return None
    return values.day_number(main.current_period_end) - d


def expansions(home: Home, d: int) -> int:
    """Count the changes of a year that raise an MRR above 0; the end of a free period is none."""
    changes = churn_risk.subscription_changes(home, d, 365)
    known = [(one, other) for _, one, other in changes if None not in (one.mrr, other.mrr)]
    return sum(0 < before.mrr < after.mrr for before, after in known)


def features(home: Home, d: int, world: World) -> dict:
    """Return the features of a customer at d; None is unknown."""
    found = _computed(home, d, world)
    return {name: value if home.has(*NEEDED.get(name, ())) else None for name, value in found.items()}


def _computed(home: Home, d: int, world: World) -> dict:
    actives_7, actives_30 = (windows.active_members(home, d, days) for days in (7, 30))
    members = len(windows.members_at(home, d))
    lately, peak = home.events_in(d, 30), range(*home.rules.peak_hours)
    change = scorecards.score_change(world.rules.health.primary, home, d, world)
    lines = {
        name: (call(home, d, 30), call(home, d - 30, 30))
        for name, call in (
            ("task_completion_trend", windows.tasks_done),
            ("login_frequency_trend", lambda *window: len(Home.sessions_in(*window))),
            ("session_duration_trend", windows.mean_session_minutes),
        )
    }
    return {
        "plan_type": home.line.at(d).plan,
        "payment_status": windows.payment_status(home, d),
        "billing_interval_months": windows.billing_months(home, d),
        **{name: trend(home, d, *pair) for name, pair in lines.items()},
        "dau_wau_ratio": share(windows.daily_actives(home, d, 7), 7 * len(actives_7)),
        "active_members_ratio": min(F(1), F(len(actives_30), members)) if members else None,
        "new_features_adopted_90d": len(windows.features_first_used(home, d, 90)),
        "has_unresolved_critical_ticket": bool(churn_risk.critical_open(home, d)),
        "tickets_30d": len(windows.tickets_created(home, d, 30)),
        "tickets_90d": len(windows.tickets_created(home, d, 90)),
        "csat_90d": windows.csat_given(home, d, 90),
        "support_satisfaction_drop": satisfaction_drop(home, d),
        "sentiment_90d": churn_risk.sentiment(home, d),
        "days_since_signup": d - home.signup,
        "days_since_last_login": windows.days_since_login(home, d),
        "days_until_renewal": days_until_renewal(home, d),
        "weekend_usage_ratio": share(sum(event.day % 7 in WEEKENDS for event in lately), len(lately)),
        "peak_hour_usage": share(sum(event.hour in peak for event in lately), len(lately)),
        "failed_charges_90d": churn_risk.failed_charges(home, d, 90),
        "email_open_rate_90d": windows.answered_share(home, d, 90, "email", "opened"),
        "expansions_365d": expansions(home, d),
        "days_since_last_activity": churn_risk.days_since_activity(home, d),
        "mrr": home.line.at(d).mrr,
        "members": members,
        "pets": sum(added <= d < removed for _, added, removed in home.pets),
        "latest_nps": windows.latest_nps(home, d),
        "product_usage_score": scoring.points_of("product_usage", home, d, world),
        "feature_adoption_score": scoring.points_of("feature_adoption", home, d, world),
        "support_health_score": scoring.points_of("support_health", home, d, world),
        "support_engagement_score": scoring.points_of("support_engagement", home, d, world),
        "engagement_score": scoring.points_of("engagement", home, d, world),
        "payment_score": scoring.points_of("payment", home, d, world),
        "value_delivery_score": scoring.points_of("value_delivery", home, d, world),
        "premium_adoption_score": scorecards.premium_adoption(home, d, world),
        "health_trend": scorecards.trend_name(change, world.rules.health),
        "health_change_28d": change,
        "churn_risk_score": churn_risk.risk_score(home, d, world),
    }


def snapshot(home: Home, d: int, world: World) -> dict | None:
    """Make the row of int_churn_snapshots; None for a household that is no customer."""
    if not home.is_customer(d):
        return None
    following, horizon = next_spell(home, d), world.rules.horizon_days
    labelled_until = snapshot_dates(world)[0] + horizon  # the latest comes first
    left = following is not None and following.left <= labelled_until
    return features(home, d, world) | {
        "days_to_left": following.left - d if left else None,
        "churned_next_30d": leaves_within(home, d, horizon),
    }


# --------------------------------------------------------------------------- what people write


def communication_decay(home: Home, d: int) -> dict | None:
    """Make the row of fct_communication_decay of a present customer."""
    if not home.is_customer(d):
        return None
    replies = [t.day for t in home.touches if t.kind == "outreach" and t.event == "replied"]
    messages = [*home.contacts_made, *replies]
    now = sum(within(day, d, 30) for day in messages)
    before = sum(within(day, d - 30, 90) for day in messages)
    decay = 1 - min(F(1), F(3 * now, before)) if before else None
    return {"messages_30d": now, "messages_prior_90d": before, "decay_score": decay}


def sentiment_alerts(home: Home) -> dict[tuple[str, object], dict]:
    """List the alerts of each day with a scored message."""
    scored = [message for message in home.messages if message.compound is not None]
    alerts: dict[tuple[str, object], dict] = {}
    for d in sorted({message.day for message in scored}):
        now = windows.mean(m.compound for m in scored if within(m.day, d, 30))
        before = windows.mean(m.compound for m in scored if within(m.day, d - 30, 90))
        last = [m for m in scored if m.day <= d][-5:]
        negative = sum(m.sentiment == "Negative" for m in last)
        worst = max(m.frustration for m in scored if m.day == d)
        if before is not None and before - now > F("0.3"):
            alerts["negative_shift", as_date(d)] = {"severity": "high", "value": before - now}
        if negative >= 3:
            alerts["persistent_negative", as_date(d)] = {"severity": "critical", "value": negative}
        if worst >= 7:
            alerts["frustration", as_date(d)] = {"severity": "high", "value": worst}
    return alerts
