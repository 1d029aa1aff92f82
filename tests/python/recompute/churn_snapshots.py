"""What the classifier and the analysis of survival learn from, recomputed household by household."""

from __future__ import annotations

from fractions import Fraction

from . import churn_risk, health
from .churn import Spell
from .health import Home, World, as_date, within

F = Fraction
WEEKENDS = (2, 3)  # day 2 of the epoch was a Saturday
PEAK = range(18, 22)
HORIZON = 30
SILENCE = 30
LANDMARK = 90


def snapshot_dates(world: World) -> list[int]:
    """Go back by 28 days from the last Sunday whose next 60 days are complete, 20 times at most."""
    last = health.latest_sunday(world.as_of - HORIZON - SILENCE)
    return [last - 28 * number for number in range(20)]


def next_spell(home: Home, d: int) -> Spell | None:
    """Find the first spell of churn after d."""
    return next((spell for spell in home.spells if spell.churned > d), None)


def leaves_within(home: Home, d: int, days: int) -> bool:
    """Say whether the customer at d leaves within so many days."""
    return any(spell.churned > d and spell.left <= d + days for spell in home.spells)


def trend(home: Home, d: int, now, before) -> Fraction | None:
    """Compare 30 days with the 30 before: relative to the earlier, at least 1; within ±1."""
    if d - home.signup < health.YOUNG_DAYS or now is None or before is None:
        return None
    return min(F(1), max(F(-1), F(now - before) / max(F(before), F(1))))


def share(part: int, whole: int) -> Fraction | None:
    """Divide; by nothing is unknown."""
    return F(part, whole) if whole else None


def satisfaction_drop(home: Home, d: int) -> Fraction | None:
    """By how much the CSAT of 30 days lies below that of 90."""
    now, before = health.csat_given(home, d, 30), health.csat_given(home, d, 90)
    return None if now is None else before - now


def billing_months(home: Home, d: int) -> Fraction | None:
    """Give the billing interval of the latest subscription, in months."""
    latest = health.latest_subscription(home, d)
    if latest is None or latest.price is None or latest.price.interval not in health.INTERVAL_MONTHS:
        return None
    return health.INTERVAL_MONTHS[latest.price.interval] * latest.price.interval_count


def days_until_renewal(home: Home, d: int) -> int | None:
    """Count the days to the end of the present period."""
    main = home.line.at(d).main
    if main is None or health.pd.isna(main.current_period_end):
        return None
    return health.day_number(main.current_period_end) - d


def expansions(home: Home, d: int) -> int:
    """Count the changes of a year by which one who paid pays more."""
    changes = churn_risk.subscription_changes(home, d, 365)
    return sum(before.paying and after.mrr > before.mrr for _, before, after in changes)


def features(home: Home, d: int, world: World) -> dict:
    """Tell what was known of a customer at d."""
    actives_7, actives_30 = (health.active_members(home, d, days) for days in (7, 30))
    members = len(health.members_at(home, d))
    lately = home.events_in(d, 30)
    change = health.score_change(health.PRIMARY, home, d, world)
    lines = {
        name: (call(home, d, 30), call(home, d - 30, 30))
        for name, call in (
            ("task_completion_trend", health.tasks_done),
            ("login_frequency_trend", lambda *window: len(Home.sessions_in(*window))),
            ("session_duration_trend", health.mean_session_minutes),
        )
    }
    return {
        "plan_type": home.line.at(d).plan,
        "payment_status": health.payment_status(home, d),
        "billing_interval_months": billing_months(home, d),
        **{name: trend(home, d, *pair) for name, pair in lines.items()},
        "dau_wau_ratio": share(health.daily_actives(home, d, 7), 7 * len(actives_7)),
        "active_members_ratio": min(F(1), F(len(actives_30), members)) if members else None,
        "new_features_adopted_90d": len(health.features_first_used(home, d, 90)),
        "has_unresolved_critical_ticket": bool(churn_risk.critical_open(home, d)),
        "tickets_30d": len(health.tickets_created(home, d, 30)),
        "tickets_90d": len(health.tickets_created(home, d, 90)),
        "csat_90d": health.csat_given(home, d, 90),
        "support_satisfaction_drop": satisfaction_drop(home, d),
        "sentiment_90d": churn_risk.sentiment(home, d),
        "days_since_signup": d - home.signup,
        "days_since_last_login": health.days_since_login(home, d),
        "days_until_renewal": days_until_renewal(home, d),
        "weekend_usage_ratio": share(sum(event.day % 7 in WEEKENDS for event in lately), len(lately)),
        "peak_hour_usage": share(sum(event.hour in PEAK for event in lately), len(lately)),
        "failed_charges_90d": churn_risk.failed_charges(home, d, 90),
        "email_open_rate_90d": health.answered_share(home, d, 90, "email", "opened"),
        "expansions_365d": expansions(home, d),
        "days_since_last_activity": churn_risk.days_since_activity(home, d),
        "mrr": home.line.at(d).mrr,
        "members": members,
        "pets": sum(added <= d < removed for _, added, removed in home.pets),
        "latest_nps": health.latest_nps(home, d),
        "product_usage_score": health.product_usage(home, d),
        "feature_adoption_score": health.feature_adoption(home, d),
        "support_health_score": health.support_health(home, d),
        "support_engagement_score": health.support_engagement(home, d),
        "engagement_score": health.engagement(home, d),
        "payment_score": health.payment(home, d),
        "value_delivery_score": health.value_delivery(home, d),
        "premium_adoption_score": health.premium_adoption(home, d),
        "health_trend": health.trend_name(change),
        "health_change_28d": change,
        "churn_risk_score": churn_risk.risk_score(home, d, world),
    }


def snapshot(home: Home, d: int, world: World) -> dict | None:
    """Make the row of int_churn_snapshots; None for who is no customer."""
    if not home.is_customer(d):
        return None
    following = next_spell(home, d)
    judged_until = snapshot_dates(world)[0] + HORIZON  # the latest comes first
    left = following is not None and following.left <= judged_until
    return features(home, d, world) | {
        "days_to_left": following.left - d if left else None,
        "churned_next_30d": leaves_within(home, d, HORIZON),
    }


# ------------------------------------------------------------------------------------ survival


def first_health(home: Home, world: World) -> Fraction | None:
    """Average the health score of the Sundays in days 0 to 89."""
    sundays = [d for d in range(home.signup, home.signup + 90) if d == health.latest_sunday(d)]
    cards = [health.scorecard(health.PRIMARY, home, d, world) for d in sundays]
    return health.mean(card.overall for card in cards if card is not None)


def survival(home: Home, world: World) -> dict | None:
    """Make the row of int_survival_households: who had not churned by day 90, and was seen after."""
    start = home.signup + LANDMARK
    first = home.spells[0].churned if home.spells else None
    if home.signup <= world.as_of - 7 * health.HISTORY_WEEKS or start >= world.as_of or home.never:
        return None
    if first is not None and first <= start:
        return None
    early, week = home.signup + 29, home.signup + 7
    return {
        "signup_date": as_date(home.signup),
        "landmark_date": as_date(start),
        "days_observed": (world.as_of if first is None else first) - start,
        "has_churned": first is not None,
        "plan_at_day_90": home.line.at(start).plan,
        "initial_pets_count": sum(added <= week < removed for _, added, removed in home.pets),
        "initial_members_count": len(health.members_at(home, week)),
        "premium_features_adopted_first_30d": len(health.features_used(home, early, 30, "premium")),
        "avg_health_score_first_90d": first_health(home, world),
    }


# --------------------------------------------------------------------------- what people write


def communication_decay(home: Home, d: int) -> dict | None:
    """Make the row of fct_communication_decay of a present customer."""
    if not home.is_customer(d):
        return None
    replies = [t.day for t in home.touches if t.kind == "outreach" and t.event == "replied"]
    said = [*home.contacts_made, *replies]
    now = sum(within(day, d, 30) for day in said)
    before = sum(within(day, d - 30, 90) for day in said)
    decay = 1 - min(F(1), F(3 * now, before)) if before else None
    return {"messages_30d": now, "messages_prior_90d": before, "decay_score": decay}


def sentiment_alerts(home: Home) -> dict[tuple[str, object], dict]:
    """List the alerts of each day with a scored message."""
    scored = [message for message in home.messages if message.compound is not None]
    alerts: dict[tuple[str, object], dict] = {}
    for d in sorted({message.day for message in scored}):
        now = health.mean(m.compound for m in scored if within(m.day, d, 30))
        before = health.mean(m.compound for m in scored if within(m.day, d - 30, 90))
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
