"""The metrics of scorecards about use and value, each under its name in the seeds of rules.

Each is a function of a household, a day d and the world; None is unknown. Metrics of an absent raw table are
unknown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from . import windows
from .facts import Home, World, within
from .windows import mean

F = Fraction
Value = int | Fraction | float | str | None
Metric = Callable[[Home, int, World], Value]
METRICS: dict[str, Metric] = {}

EVENTS, MEMBERS, SETTINGS, PETS = (
    "product.events",
    "app.household_members",
    "app.feature_settings",
    "app.pets",
)


def metric(name: str, *needs: str) -> Callable[[Metric], Metric]:
    """Register a metric that is unknown where one of the raw tables it needs is absent."""

    def register(function: Metric) -> Metric:
        METRICS[name] = lambda home, d, world: function(home, d, world) if home.has(*needs) else None
        return function

    return register


def value_of(name: str, home: Home, d: int, world: World) -> Value:
    """Return a metric at d, computed once. Raises KeyError for a name that no definition knows."""
    key = ("metric", name, d)
    if key not in home.memory:
        home.memory[key] = METRICS[name](home, d, world)
    return home.memory[key]


# ------------------------------------------------------------------------------------ product


@metric("dau_ratio", EVENTS, MEMBERS)
def dau_ratio(home: Home, d: int, world: World) -> Value:
    """Average over seven days the share of the members at d who were active, at most 1."""
    members = len(windows.members_at(home, d))
    return min(F(1), F(windows.daily_actives(home, d, 7), 7 * members)) if members else None


@metric("tasks_7", EVENTS)
def tasks_7(home: Home, d: int, world: World) -> Value:
    """Tasks completed in seven days."""
    return windows.tasks_done(home, d, 7)


@metric("pet_active_7", EVENTS, PETS)
def pet_active_7(home: Home, d: int, world: World) -> Value:
    """Whether an event of seven days is about a pet of the household."""
    own = {pet for pet, added, _ in home.pets if added <= d}
    return int(any(event.pet in own for event in home.events_in(d, 7)))


@metric("app_opens_7", EVENTS)
def app_opens_7(home: Home, d: int, world: World) -> Value:
    """How often the app was opened in seven days."""
    return windows.count_events(home, "app_open", d, 7)


for _feature in ("recurring_tasks", "reminders", "calendar_sync", "notifications"):

    @metric(f"{_feature}_enabled", SETTINGS)
    def is_enabled(home: Home, d: int, world: World, feature: str = _feature) -> Value:
        """Whether a feature is switched on."""
        return int(windows.is_enabled(home, feature, d))


@metric("photos_uploaded", EVENTS)
def photos_uploaded(home: Home, d: int, world: World) -> Value:
    """Photos uploaded by d."""
    return windows.photos_ever(home, d)


for _days in (7, 30):

    @metric(f"login_days_{_days}", EVENTS)
    def login_days(home: Home, d: int, world: World, days: int = _days) -> Value:
        """Days of the window on which a session began."""
        return len({session.day for session in home.sessions_in(d, days)})


@metric("mean_session_minutes_30", EVENTS)
def mean_session_minutes_30(home: Home, d: int, world: World) -> Value:
    """Mean length of the sessions that began in 30 days."""
    return windows.mean_session_minutes(home, d, 30)


@metric("features_used_30", EVENTS)
def features_used_30(home: Home, d: int, world: World) -> Value:
    """Features of the catalogue used in 30 days."""
    return len(windows.features_used(home, d, 30))


@metric("adoption_ratio", EVENTS)
def adoption_ratio(home: Home, d: int, world: World) -> Value:
    """Features used in 30 days of those in the catalogue."""
    return F(len(windows.features_used(home, d, 30)), len(home.rules.feature_tiers))


@metric("days_since_last_login", EVENTS)
def days_since_last_login(home: Home, d: int, world: World) -> Value:
    """Days since the last session began."""
    return windows.days_since_login(home, d)


@metric("events_per_session_30", EVENTS)
def events_per_session_30(home: Home, d: int, world: World) -> Value:
    """Events per session that began in 30 days."""
    return mean(session.events for session in home.sessions_in(d, 30))


@metric("sessions_7", EVENTS)
def sessions_7(home: Home, d: int, world: World) -> Value:
    """Sessions that began in seven days."""
    return len(home.sessions_in(d, 7))


@metric("stickiness_30", EVENTS)
def stickiness_30(home: Home, d: int, world: World) -> Value:
    """How many of those active in 30 days were so on an average day."""
    distinct = len(windows.active_members(home, d, 30))
    return F(windows.daily_actives(home, d, 30), 30 * distinct) if distinct else None


# -------------------------------------------------------------------------------------- value


@metric("tasks_trend", EVENTS)
def tasks_trend(home: Home, d: int, world: World) -> Value:
    """Tasks of 30 days against those of the 30 before."""
    return windows.tasks_trend(home, d)


@metric("pets_added_90", PETS)
def pets_added_90(home: Home, d: int, world: World) -> Value:
    """Pets added in 90 days."""
    return sum(within(added, d, 90) for _, added, _ in home.pets)


@metric("features_first_used_90", EVENTS)
def features_first_used_90(home: Home, d: int, world: World) -> Value:
    """Features of the catalogue first used in 90 days."""
    return len(windows.features_first_used(home, d, 90))


@metric("collaboration", EVENTS)
def collaboration(home: Home, d: int, world: World) -> Value:
    """How evenly the members at d share the tasks of 30 days: entropy over its largest value, 0 to 100."""
    members = windows.members_at(home, d)
    done = Counter(e.user for e in home.events_in(d, 30) if e.name == "task_completion")
    counts = [done[user] for user in members if done[user]]
    if len(members) < 2 or not counts:
        return None
    total = sum(counts)
    entropy = -sum(n / total * math.log(n / total) for n in counts)
    return round(100 * entropy / math.log(len(members)), 9)


@metric("care_rate_change", "app.tasks")
def care_rate_change(home: Home, d: int, world: World) -> Value:
    """By how much the share of care done in time rose from the 30 days before."""
    now, before = windows.care_on_time_rate(home, d, 30), windows.care_on_time_rate(home, d - 30, 30)
    return None if now is None or before is None else now - before


@metric("analytics_views", EVENTS)
def analytics_views(home: Home, d: int, world: World) -> Value:
    """Uses of analytics since the upgrade."""
    return windows.premium_uses(home, d)["advanced_analytics"]


@metric("templates_created", EVENTS)
def templates_created(home: Home, d: int, world: World) -> Value:
    """Uses of templates since the upgrade."""
    return windows.premium_uses(home, d)["custom_templates"]


@metric("priority_support_uses", EVENTS)
def priority_support_uses(home: Home, d: int, world: World) -> Value:
    """Uses of priority support since the upgrade."""
    return windows.premium_uses(home, d)["priority_support"]


@metric("onboardings_completed", EVENTS)
def onboardings_completed(home: Home, d: int, world: World) -> Value:
    """Premium onboardings completed since the upgrade."""
    return windows.premium_uses(home, d)["premium_onboarding"]
