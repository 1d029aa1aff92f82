"""The rules that the recount reads from seeds and vars are those of the specification, typed by hand here."""

from __future__ import annotations

import random
from fractions import Fraction
from types import SimpleNamespace

import pytest

from customer_success.recount.households import scoring
from customer_success.recount.households.rules import Rules

F = Fraction
RULES = Rules.read()
NAMED = ((80, "Healthy"), (60, "At Risk"), (40, "Unhealthy"), (0, "Critical"))
WEIGHTS = {
    "guide_v1": "product_usage .40 feature_adoption .20 support_health .15 engagement .15 payment .10",
    "value_v2": "product_usage .25 feature_adoption .15 support_engagement .10 engagement .10 payment .10"
    " value_delivery .30",
    "retention_b2b": "product_usage .25 engagement .20 support .15 financial .20 relationship .20",
    "graded": "product_usage .30 engagement .25 support .15 relationship .15 financial .15",
}
# part: metric worst ideal weight, …
LINES = {
    "retention_b2b engagement": "email_open_rate_90 0 1/2 1/3, webinars_attended_90 0 1 1/3,"
    " downloads_90 0 3 1/3",
    "retention_b2b financial": "charges_succeeded_share_180 1/2 1 1/3, mrr_percentile 0 1 1/3,"
    " mrr_change_365d -1/5 1/5 1/3",
    "retention_b2b relationship": "nps_score 0 10 1/3, executive_meetings_90 0 1 1/3,"
    " champion_present 0 1 1/3",
    "graded product_usage": "stickiness_30 0 1/2 2/5, adoption_ratio 0 7/10 3/10, tasks_7 0 14 3/10",
    "graded engagement": "days_since_last_login 30 1 2/5, sessions_7 0 5 3/10, features_used_30 0 10 3/10",
    "graded support": "open_tickets 5 0 2/5, mean_csat_90 1 5 2/5, escalated_tickets_90 3 0 1/5",
    "graded relationship": "nps_score 0 10 1/2, meetings_attended_90 0 1 3/10,"
    " outreach_replied_share_90 0 1 1/5",
    "graded financial": "payment_ratio 0 1 2/5, billing_interval_months 0 12 3/10, limit_share 0 1 3/10",
}
PRIORITIES = {
    ("high", "high"): "P0",
    ("high", "medium"): "P1",
    ("high", "low"): "P2",
    ("medium", "high"): "P1",
    ("medium", "medium"): "P2",
    ("medium", "low"): "P3",
    ("low", "high"): "P2",
    ("low", "medium"): "P3",
    ("low", "low"): "P4",
    ("assumed", "assumed"): "P3",
}


def test_weights_and_bands():
    for model, typed in WEIGHTS.items():
        words = typed.split()
        pairs = zip(words[::2], words[1::2], strict=True)
        assert RULES.health.weights[model] == {part: F(weight) for part, weight in pairs}
    grades = ((80, "A"), (60, "B"), (40, "C"), (20, "D"), (0, "F"))
    assert RULES.health.bands == dict.fromkeys(WEIGHTS, NAMED) | {"graded": grades}


@pytest.mark.parametrize("part", LINES)
def test_lines(part):
    typed = {}
    for line in LINES[part].split(","):
        metric, *numbers = line.split()
        typed[metric] = tuple(map(F, numbers))
    found = RULES.health.lines[tuple(part.split())]
    assert {line.metric: (line.worst, line.ideal, line.weight) for line in found} == typed


def test_support_of_retention_is_read_off_tickets_their_sentiment_and_csat():
    found = {line.metric: (line.worst, line.ideal) for line in RULES.health.lines["retention_b2b", "support"]}
    assert found.pop("tickets_30") == (5, 0) and found.pop("mean_csat_90") == (1, 5)
    assert [*found.values()] == [(-1, 1)]


def test_core_rules():
    assert RULES.plans == ("Free", "Premium", "Enterprise")
    assert RULES.limits["Free"] == {"recurring_tasks": 5, "photos": 10, "members": 3}
    tiers = [*RULES.feature_tiers.values()]
    assert [tiers.count(tier) for tier in ("core", "advanced", "premium")] == [4, 5, 4]
    assert RULES.priorities == PRIORITIES
    assert RULES.response_hours == {"P0": 1, "P1": 2, "P2": 4, "P3": 24, "P4": 48}
    assert RULES.resolution_hours == {"P0": 4, "P1": 8, "P2": 24, "P3": 48, "P4": 120}
    assert RULES.in_force == {"active", "trialing", "past_due"}
    assert RULES.paying == {"active", "past_due"}
    assert RULES.failing == {"unpaid", "incomplete", "incomplete_expired"}
    assert RULES.interval_months == {"month": 1, "year": F(1, 12), "week": F(52, 12), "day": F(365, 12)}
    assert RULES.interval_days == {"month": 30, "year": 365, "week": 7, "day": 1}
    assert not RULES.is_care("other") and not RULES.is_care(None) and RULES.is_care("a new one")


# ------------------------------------------------- points of parts by metric, as in the specification


def steps(value, *bounds: tuple) -> int:
    return 0 if value is None else next((earned for bound, earned in bounds if value >= bound), 0)


def share(value, ideal) -> Fraction:
    return F(0) if value is None else min(F(value) / ideal, F(1))


def product_usage(m):
    pet = 10 if m["pet_active_7"] else 0
    return (
        50 * share(m["dau_ratio"], 1) + 30 * share(m["tasks_7"], 14) + pet + 10 * share(m["app_opens_7"], 14)
    )


def support_health(m):
    hours = m["mean_resolution_hours_30"]
    slow = 0 if hours is None else 15 if hours > 48 else 10 if hours > 24 else 0
    tickets, critical = m["tickets_30"] or 0, m["critical_tickets_30"] or 0
    csat = steps(m["mean_csat_of_tickets_30"], (4.5, 15), (4, 10))
    return 100 - min(10 * tickets, 40) - min(20 * critical, 30) - slow + csat


def support_engagement(m):
    score, tickets, csat = 70, m["tickets_90"], m["mean_csat_90"]
    if tickets is not None and 1 <= tickets <= 3 and csat is not None:
        score += 20 if csat >= 4.5 else 10 if csat >= 4 else -10
    if tickets == 0 and m["had_contact_90"] is not None:
        score += 10 if m["had_contact_90"] else -5
    if tickets is not None and tickets > 5:
        score -= min(3 * tickets, 30)
    hours = m["mean_resolution_hours_90"]
    return (
        score - 20 * (m["unresolved_critical_tickets"] or 0) - (15 if hours is not None and hours > 48 else 0)
    )


def engagement(m):
    return (
        steps(m["login_days_7"], (5, 40), (3, 30), (1, 20))
        + steps(m["login_days_30"], (20, 30), (10, 20), (5, 10))
        + steps(m["mean_session_minutes_30"], (10, 20), (5, 15), (2, 10))
        + steps(m["features_used_30"], (10, 10), (5, 5))
    )


def value_delivery(m):
    trend, shared, care = m["tasks_trend"], m["collaboration"], m["care_rate_change"]
    score = 50
    if trend is not None:
        score += 30 if trend > F("0.3") else 15 if trend > F("0.1") else 0
        score -= 30 if trend < F("-0.3") else 15 if trend < F("-0.1") else 0
    score += steps(m["pets_added_90"], (1, 20)) + steps(m["features_first_used_90"], (2, 20), (1, 10))
    if shared is not None:
        score += 20 if shared > 70 else 10 if shared > 40 else -10 if shared < 20 else 0
    return score + (10 if care is not None and care > 0 else 0)


PARTS = {
    product_usage: {"dau_ratio": 1, "tasks_7": 20, "pet_active_7": 1, "app_opens_7": 20},
    support_health: {
        "tickets_30": 6,
        "critical_tickets_30": 3,
        "mean_resolution_hours_30": 60,
        "mean_csat_of_tickets_30": 5,
    },
    support_engagement: {
        "tickets_90": 9,
        "mean_csat_90": 5,
        "had_contact_90": 1,
        "unresolved_critical_tickets": 3,
        "mean_resolution_hours_90": 60,
    },
    engagement: {
        "login_days_7": 7,
        "login_days_30": 30,
        "mean_session_minutes_30": 14,
        "features_used_30": 13,
    },
    value_delivery: {
        "tasks_trend": 1,
        "pets_added_90": 2,
        "features_first_used_90": 3,
        "collaboration": 100,
        "care_rate_change": 1,
    },
}
FRACTIONS = {"dau_ratio", "tasks_trend", "care_rate_change", "mean_csat_90", "mean_csat_of_tickets_30"}
FRACTIONS |= {"mean_resolution_hours_30", "mean_resolution_hours_90"}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_points_of_a_part(part, monkeypatch):
    chance = random.Random(5)
    home = SimpleNamespace(rules=RULES, has=lambda *tables: True)
    for _ in range(2000):
        metrics = {}
        for name, most in PARTS[part].items():
            least = -most if name in ("tasks_trend", "care_rate_change") else 0
            unit = 20 if name in FRACTIONS else 1
            value = F(chance.randint(unit * least, unit * most), unit)
            metrics[name] = None if chance.random() < 0.1 else value
        monkeypatch.setattr(scoring, "value_of", lambda name, *_, given=metrics: given[name])
        found = scoring.points_of(part.__name__, home, 0, None)
        if any(value is not None for value in metrics.values()):
            assert found == min(100, max(0, part(metrics))), metrics
        else:
            assert found is None
