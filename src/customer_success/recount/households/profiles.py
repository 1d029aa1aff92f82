"""What explains a score: drivers, findings, risks of premium, profiles.

Bounds of seeds are typed by hand here for tests; the proof of the marts reads the seeds (``marts.by_rules``).
"""

from __future__ import annotations

from fractions import Fraction

from .facts import Home, World, within
from .metrics import value_of
from .scorecards import part_change, premium_adoption, scorecard
from .windows import (
    active_members,
    daily_actives,
    days_since_login,
    features_first_used,
    features_used,
    latest_nps,
    limit_share,
    mean,
    members_at,
    open_tickets,
    premium_uses,
    tasks_trend,
    tickets_created,
    upgrade_day,
)

F = Fraction


def drivers(home: Home, d: int, world: World) -> dict[str, dict]:
    """Open the primary score into its parts; the part with the largest loss comes first."""
    card = scorecard(world.rules.health.primary, home, d, world)
    rows = {}
    for name, part in card.parts.items():
        weight = world.rules.health.weights[card.model][name]
        change = part_change(card.model, name, home, d, world)
        lost = None if part.score is None else weight * (100 - part.score)
        rows[name] = {"weight": weight, "score": part.score, "points_lost": lost, "change_28d": change}
    return rows


def growth_share(home: Home, d: int) -> Fraction | None:
    """Return the share of the known signs of growth that hold."""
    trend = tasks_trend(home, d)
    signs = [
        None if trend is None else trend > 0,
        any(within(joined, d, 90) for _, joined, _ in home.members),
        any(within(added, d, 90) for _, added, _ in home.pets),
        bool(features_first_used(home, d, 90)),
    ]
    return mean(signs)


def findings(home: Home, d: int, world: World) -> dict[tuple[str, str, str | None], Fraction]:
    """List the risks and opportunities by kind, name and part, with their values."""
    found: dict[tuple[str, str, str | None], Fraction] = {}
    for name, part in scorecard("graded", home, d, world).parts.items():
        if part.score is not None and part.score < 40:
            found["risk", "part_below_40", name] = part.score
        change = part_change("graded", name, home, d, world)
        if change is not None and change < -5:
            found["risk", "part_declining", name] = change
    last, nps, share = days_since_login(home, d), latest_nps(home, d), limit_share(home, d)
    unsolved, adoption, growth = (
        open_tickets(home, d),
        value_of("adoption_ratio", home, d, world),
        growth_share(home, d),
    )
    if last is not None and last >= 7:
        found["risk", "no_login_in_7_days", None] = F(last)
    if unsolved > 3:
        found["risk", "open_tickets", None] = F(unsolved)
    if nps is not None and nps <= 6:
        found["risk", "detractor", None] = F(nps)
    if adoption < F("0.5"):
        found["opportunity", "training", None] = adoption
    if nps is not None and nps >= 9:
        found["opportunity", "advocacy", None] = F(nps)
    if growth is not None and growth > F("0.7"):
        found["opportunity", "expansion", None] = growth
    if share is not None and share > F("0.8"):
        found["opportunity", "upgrade", None] = share
    return found


def premium_risk(home: Home, d: int, world: World) -> dict | None:
    """Make the row of rpt_premium_adoption_risk of a household at risk."""
    rules, score = world.rules.health, premium_adoption(home, d, world)
    if score is None or score >= rules.premium_risk_below:
        return None
    since = d - upgrade_day(home, d)
    if since < rules.premium_risk_days:
        return None
    settings = home.has("app.feature_settings")
    uses = {
        name: count for name, count in premium_uses(home, d).items() if name != "calendar_sync" or settings
    }
    return {
        "days_since_upgrade": since,
        "premium_adoption_score": score,
        "missing_features": sorted(name for name, count in uses.items() if not count),
        "mrr": home.line.at(d).mrr,
    }


def level(value, *steps: tuple, other: str) -> str:
    """Name the first level whose bound the value reaches."""
    return next((name for bound, name in steps if value is not None and value >= bound), other)


def collaboration_level(active: int, members: int) -> str:
    """Name how many of the members take part."""
    if members and F(active, members) >= F("0.8"):
        return "Full Household"
    if members and F(active, members) >= F("0.5"):
        return "Partial Household"
    return {0: "Inactive Household", 1: "Solo User"}.get(active, "Minority Household")


def behavioral_segment(score: int | None, nps: int | None) -> str:
    """Name the segment: the first rule that holds."""
    if score is not None and nps is not None and score >= 80 and nps >= 9:
        return "Champion"
    if score is not None and nps is not None and score >= 70 and nps >= 7:
        return "Loyalist"
    if (score is not None and score < 40) or (nps is not None and nps <= 6):
        return "Detractor"
    return "At-Risk" if score is not None and score <= 60 else "Undefined"


def recommended_action(profile: dict) -> str:
    """Return the action: the first rule that holds."""
    if profile["usage_intensity"] == "Power User" and profile["value_perception"] == "Advocate":
        return "testimonials"
    if profile["usage_intensity"] == "Dormant User":
        return "re-engagement"
    if profile["collaboration_level"] == "Solo User" and profile["feature_sophistication"] == "Basic":
        return "invite"
    if profile["lifecycle_stage"] == "Onboarding" and profile["support_dependency"] == "High Touch":
        return "onboarding"
    return "escalation" if profile["value_perception"] == "Detractor" else "nurture"


def profile_metrics(home: Home, d: int) -> dict[str, Fraction | int | None]:
    """Return the metrics of a profile by name; seed profile_levels has rules on them."""
    weekly = len(active_members(home, d, 7))
    there = members_at(home, d)
    active = len(active_members(home, d, 30) & there)
    return {
        "dau_wau_ratio": F(daily_actives(home, d, 7), 7 * weekly) if weekly else None,
        "active_members": active,
        "total_members": len(there),
        "active_share": F(active, len(there)) if there else None,
        "premium_features_count": len(features_used(home, d, 30, "premium")),
        "advanced_features_count": len(features_used(home, d, 30, "advanced")),
        "days_since_signup": d - home.signup,
        "nps_score": latest_nps(home, d),
        "tickets_per_month": F(len(tickets_created(home, d, 90)), 3) if home.has("zendesk.ticket") else None,
    }


def profile(home: Home, d: int, world: World) -> dict | None:
    """Make the row of fct_customer_profiles."""
    card = scorecard(world.rules.health.primary, home, d, world)
    if card is None:
        return None
    metrics = profile_metrics(home, d)
    ratio, active, members = (metrics[name] for name in ("dau_wau_ratio", "active_members", "total_members"))
    premium, advanced = metrics["premium_features_count"], metrics["advanced_features_count"]
    nps, age, per_month = metrics["nps_score"], metrics["days_since_signup"], metrics["tickets_per_month"]
    usage = level(ratio, (F("0.8"), "Power"), (F("0.5"), "Regular"), (F("0.2"), "Casual"), other="Dormant")
    support = "High" if per_month > 3 else "Medium" if per_month >= 1 else "Low"
    sophistication = "Intermediate" if advanced >= 2 else "Basic"
    stages = ((30, "Onboarding"), (90, "Adoption"), (365, "Growth"))
    perception = level(nps, (9, "Advocate"), (7, "Satisfied"), (5, "Neutral"), other="Detractor")
    row = {
        "is_active": True,
        "usage_intensity": f"{usage} User",
        "collaboration_level": collaboration_level(active, members),
        "feature_sophistication": "Advanced" if premium >= 3 else sophistication,
        "lifecycle_stage": next((name for bound, name in stages if age <= bound), "Mature"),
        "value_perception": "Unknown" if nps is None else perception,
        "support_dependency": f"{support} Touch",
        "behavioral_segment": behavioral_segment(card.overall, nps),
        **{name: value for name, value in metrics.items() if name != "active_share"},
    }
    return row | {"recommended_action": recommended_action(row)}
