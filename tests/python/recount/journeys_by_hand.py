"""Rules of journeys typed from the specification, and households made of a few facts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F
from functools import cache

import pandas as pd

from customer_success.recount.households.billing import Subscription, Timeline
from customer_success.recount.households.churn import Spell
from customer_success.recount.households.facts import Answer, Event, Home, Seen, Session, Touch, World
from customer_success.recount.households.journey_rules import (
    DropOff,
    EngagementMetric,
    JourneyRules,
    Program,
    Step,
)
from customer_success.recount.households.prices import Price
from customer_success.recount.households.rules import Rules
from customer_success.recount.households.terms import Terms
from customer_success.recount.households.values import FAR, day_number
from customer_success.recount.households.versions import Version

EPOCH = date(1970, 1, 1)
SUNDAY = date(2025, 6, 1)
TEMPLATES = frozenset({"kickoff", "discovery", "training", "review_30"})
EVENTS = frozenset({"login", "task_completion"})
QUICK_START = (
    Step("create_household", True, "signup", "", False),
    Step("welcome", True, "event", "login", False),
    Step("first_pet", True, "pet", "", False),
    Step("first_task", True, "event", "task_completion", True),
    Step("reminders", False, "feature_setting", "reminders", False),
    Step("invite_member", False, "member", "2", False),
)
PREMIUM = (
    ("calendar_sync", "calendar_sync_enabled"),
    ("analytics", "analytics_views"),
    ("custom_templates", "templates_created"),
    ("priority_support", "priority_support_uses"),
    ("premium_onboarding", "onboardings_completed"),
)
SUCCESS = (
    Step("kickoff", True, "engagement", "kickoff", False),
    Step("discovery", True, "engagement", "discovery", False),
    Step("implementation", True, "feature_tier", "advanced", False),
    Step("training", True, "engagement", "training", False),
    Step("go_live", True, "active_members", "3", False),
    Step("review_30", True, "engagement", "review_30", False),
)
RULES = JourneyRules(
    programs={
        "quick_start": Program(
            "quick_start",
            "signup",
            None,
            7,
            3,
            None,
            QUICK_START,
            {
                1: ("create_household", "first_pet"),
                3: ("first_task",),
                7: ("create_household", "welcome", "first_pet", "first_task"),
            },
        ),
        "premium_start": Program(
            "premium_start",
            "paying",
            "Premium",
            30,
            7,
            40,
            tuple(Step(name, False, "premium_adoption", value, False) for name, value in PREMIUM),
            {},
        ),
        "success_program": Program(
            "success_program",
            "first_day",
            "Enterprise",
            30,
            10,
            None,
            SUCCESS,
            {
                7: ("kickoff", "discovery"),
                14: ("implementation",),
                21: ("training", "go_live"),
                30: ("review_30",),
            },
        ),
    },
    engagement=tuple(
        EngagementMetric(name, F(full), F(weight, 100))
        for name, full, weight in (
            ("login_days", 30, 15),
            ("active_members", 5, 15),
            ("features_used", 10, 20),
            ("actions", 100, 20),
            ("care_on_time_rate", 1, 15),
            ("csat", 5, 15),
        )
    ),
    levels=((F(70), "high"), (F(40), "medium"), (F(0), "low")),
    triggers={
        ("awareness", "onboarding"): "signup_completed",
        ("onboarding", "adoption"): "onboarding_period_ended",
        ("onboarding", "advocacy"): "onboarding_period_ended",
        ("adoption", "growth"): "expansion_activity",
        ("adoption", "retention"): "reached_1_year",
        ("adoption", "advocacy"): "became_advocate",
    },
    drop_offs=(
        DropOff("awareness", None, None, F(70, 100)),
        DropOff("onboarding", None, None, F(40, 100)),
        DropOff("adoption", 90, 120, F(25, 100)),
        DropOff("advocacy", 90, 120, None),
    ),
    thresholds={
        name: F(value)
        for name, value in {
            "at_risk_health": 40,
            "at_risk_login_days": 14,
            "at_risk_tickets": 2,
            "at_risk_nps": 6,
            "onboarding_progress": "0.8",
            "onboarding_days": 30,
            "onboarding_least_progress": "0.5",
            "growing_health": 70,
            "growing_days": 90,
            "renewing_days": 60,
            "advocating_nps": 9,
            "advocating_health": 80,
            "advocating_health_left": 70,
            "recovered_health": 60,
        }.items()
    },
    csm_roles=frozenset({"csm"}),
    specializations={
        "Premium": frozenset({"onboarding"}),
        "Enterprise": frozenset({"enterprise"}),
    },
)


@cache
def project_rules() -> Rules:
    """Return the rules of the project that journeys read besides their own."""
    return Rules.read()


def of(day: date) -> int:
    """Return the number of a day."""
    return day_number(day)


def after(days: int, since: date = SUNDAY) -> date:
    """Return the date so many days later."""
    return since + timedelta(days=days)


def version(day: date, plan: str = "Premium", status: str = "active", **more) -> Version:
    """Return a version of subscription `s`; monthly and MRR 10 unless told otherwise."""
    price = Price(
        plan,
        amount=F(10),
        currency="usd",
        interval=more.pop("interval", "month"),
        interval_count=1,
        months=F(1),
    )
    ends = more.pop("period_end", None)
    cancel_at = more.pop("cancel_at", None)
    return Version(
        subscription_id=more.pop("name", "s"),
        day=of(day),
        start=pd.Timestamp(day),
        status=status,
        quantity=F(1),
        cancel_at_period_end=more.pop("leaving", False),
        cancel_at=pd.NaT if cancel_at is None else pd.Timestamp(cancel_at),
        current_period_end=pd.NaT if ends is None else pd.Timestamp(ends),
        ended_at=pd.NaT,
        rules=project_rules(),
        terms=Terms(plan=plan, seats=F(1), gross=F(10), net=more.pop("net", F(10)), price=price),
    )


def household(
    signup: date = SUNDAY, versions: tuple[Version, ...] = (), absent: tuple[str, ...] = ()
) -> Home:
    """Return a household with one member and no other fact."""
    subscriptions: dict[str, Subscription] = {}
    for one in versions:
        subscriptions.setdefault(one.subscription_id, Subscription(one.start, [])).versions.append(one)
    line = Timeline(subscriptions, FAR, project_rules())
    home = Home("h", of(signup), line, project_rules(), frozenset(absent))
    home.members.append(("owner", of(signup), FAR))
    return home


def world(home: Home, as_of: date, seen: Seen | None = None) -> World:
    """Return the world of one household."""
    seen = Seen(TEMPLATES, EVENTS) if seen is None else seen
    return World(of(as_of), project_rules(), {home.id: home.line}, {home.id: home}, seen)


def event(
    home: Home, day: date, name: str = "app_open", user: str = "owner", feature: str | None = None
) -> None:
    """Add an event with a session of its own."""
    home.events.append(Event(of(day), user, name, feature, None))
    home.events.sort(key=lambda e: e.day)
    home.sessions.append(Session(of(day), user, F(5), 1))
    home.sessions.sort(key=lambda s: s.day)


def daily(home: Home, first: date, days: int) -> None:
    """Let the owner be there on so many days in a row."""
    for n in range(days):
        event(home, after(n, first))


def meeting(home: Home, day: date, template: str) -> None:
    """Add a meeting that was held."""
    home.touches.append(Touch(pd.Timestamp(day), f"m{day}", of(day), "meeting", "held", None, None, template))


def setting(home: Home, day: date, feature: str, on: bool = True) -> None:
    """Switch a feature on or off."""
    home.settings.append((pd.Timestamp(day), f"{feature} {day}", of(day), feature, on))
    home.settings.sort(key=lambda s: s[:2])


def answer(home: Home, day: date, score: int, kind: str = "NPS") -> None:
    """Add an answer to a survey."""
    home.answers.append(Answer(pd.Timestamp(day), of(day), f"a{day}", kind, F(score), None))


def away(home: Home, churned: date, back: date | None = None, left: date | None = None) -> None:
    """Let the household churn, and perhaps return."""
    number = len(home.spells) + 1
    days = (of(churned), None if back is None else of(back), of(left or churned))
    home.spells.append(Spell("h", number, *days, "dark", False, F(0), "Free"))
