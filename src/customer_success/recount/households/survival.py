"""The input of the survival analysis, household by household."""

from __future__ import annotations

from fractions import Fraction

from . import windows
from .facts import Home, World, as_date, latest_sunday
from .scorecards import scorecard


def first_health(home: Home, world: World) -> Fraction | None:
    """Average the health score of the Sundays among the first days; unknown until they are over."""
    days = range(home.signup, home.signup + home.rules.first_health_days)
    dates = world.score_dates()
    if days[-1] > world.as_of or home.signup <= dates[0] - 7:
        return None
    sundays = [d for d in days if d == latest_sunday(d) and d in dates]
    cards = [scorecard(world.rules.health.primary, home, d, world) for d in sundays]
    return windows.mean(card.overall for card in cards if card is not None)


def survival(home: Home, world: World) -> dict | None:
    """Make the row of int_survival_households; None for a household that is not in it.

    The table has households that had not churned by the day at which the clock starts, were seen after
    it, and signed up within the history of scores.
    """
    rules = home.rules
    start = home.signup + rules.landmark_days
    first = home.spells[0].churned if home.spells else None
    if home.signup <= world.as_of - 7 * rules.health.history_weeks or start >= world.as_of or home.never:
        return None
    if first is not None and first <= start:
        return None
    early, week = home.signup + rules.first_adoption_days - 1, home.signup + rules.initial_day
    billed, use = home.has("stripe.subscription_history"), home.has("product.events")
    pets = sum(added <= week < removed for _, added, removed in home.pets)
    adopted = len(windows.features_used(home, early, rules.first_adoption_days, "premium"))
    members = len(windows.members_at(home, week))
    return {
        "signup_date": as_date(home.signup),
        "landmark_date": as_date(start),
        "days_observed": (world.as_of if first is None else first) - start,
        "has_churned": first is not None,
        "plan_at_day_90": home.line.at(start).plan if billed else None,
        "initial_pets_count": pets if home.has("app.pets") and week <= world.as_of else None,
        "initial_members_count": members
        if home.has("app.household_members") and week <= world.as_of
        else None,
        "premium_features_adopted_first_30d": adopted if use and early <= world.as_of else None,
        "avg_health_score_first_90d": first_health(home, world),
    }
