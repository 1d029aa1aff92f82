"""Facts about a household on a day: windows of days that end on it, and the state at its end."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from . import billing, desk
from .facts import Home, Ticket, Touch, within
from .rules import SOLVED
from .values import stamp
from .versions import Version

F = Fraction


def members_at(home: Home, d: int) -> set[str]:
    """Return the members at the end of d."""
    return {user for user, joined, left in home.members if joined <= d < left}


def active_members(home: Home, d: int, days: int) -> set[str]:
    """Return the members with an event in the window."""
    return {event.user for event in home.events_in(d, days)}


def daily_actives(home: Home, d: int, days: int) -> int:
    """Add up the distinct active members of each day of the window."""
    return len({(event.day, event.user) for event in home.events_in(d, days)})


def count_events(home: Home, name: str, d: int, days: int) -> int:
    """Count the events of one name in the window."""
    return sum(event.name == name for event in home.events_in(d, days))


def tasks_done(home: Home, d: int, days: int) -> int:
    """Count the tasks completed in the window."""
    return count_events(home, "task_completion", d, days)


def photos_ever(home: Home, d: int) -> int:
    """Count the photos uploaded by d."""
    return count_events(home, "photo_upload", d, d + 1)


def features_used(home: Home, d: int, days: int, tier: str | None = None) -> set[str]:
    """Name the features of the catalogue (or of one tier of it) used in the window."""
    tiers = home.rules.feature_tiers
    used = {event.feature for event in home.events_in(d, days)} & set(tiers)
    return {feature for feature in used if tier is None or tiers[feature] == tier}


def features_first_used(home: Home, d: int, days: int) -> set[str]:
    """Name the features of the catalogue first used in the window."""
    return features_used(home, d, d + 1) - features_used(home, d - days, d - days + 1)


def is_enabled(home: Home, feature: str, d: int) -> bool:
    """Return the latest setting by the end of d; never set is off."""
    value = False
    for _, _, day, name, enabled in home.settings:
        if name == feature and day <= d:
            value = enabled
    return value


def days_since_login(home: Home, d: int) -> int | None:
    """Count the days since the last session began; None without any."""
    last = bisect_right(home.sessions, d, key=lambda s: s.day)
    return d - home.sessions[last - 1].day if last else None


def mean(values: Iterable) -> Fraction | None:
    """Average the known values; None without any."""
    known = [F(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def mean_session_minutes(home: Home, d: int, days: int) -> Fraction | None:
    """Average the length of the sessions that began in the window."""
    return mean(session.minutes for session in home.sessions_in(d, days))


def tasks_trend(home: Home, d: int) -> Fraction | None:
    """Compare tasks of 30 days with those of the 30 before; unknown for a young household."""
    if d - home.signup < home.rules.young_days:
        return None
    now, before = tasks_done(home, d, 30), tasks_done(home, d - 30, 30)
    return min(F(1), max(F(-1), F(now - before, max(before, 1))))


@dataclass(frozen=True)
class TicketState:
    """The state of a ticket at the end of a day."""

    is_open: bool
    hours: Fraction | None
    severity: str
    is_escalated: bool | None
    names_competitor: bool
    is_merged: bool

    @property
    def is_critical(self) -> bool:
        """Whether it is of the highest severity."""
        return self.severity == "Critical"


def ticket_at(home: Home, ticket: Ticket, d: int) -> TicketState:
    """Follow the history of a ticket to the end of d."""
    end = stamp(d + 1)
    course = [(moment, value) for moment, value in ticket.statuses if moment < end]
    fallback = "new" if ticket.statuses else ticket.status
    status, solved, _ = desk.status_course(course, fallback)
    if ticket.tags:
        tagged = [(moment, value) for moment, value in ticket.tags if moment < end]
        tags = max(tagged)[1].split() if tagged else []
    else:
        tags = ticket.plain_tags
    rules, own = home.rules, ticket.priority
    if ticket.priorities:
        own = desk.latest([(moment, value) for moment, value in ticket.priorities if moment < end])
    levels = (desk.strongest(tags, dimension, rules) for dimension in ("urgency", "impact"))
    priority = rules.priority(*levels, own)
    hours = None
    if solved is not None:
        microseconds = (solved - ticket.created) // pd.Timedelta(microseconds=1)
        hours = F(microseconds, 3_600_000_000)
    return TicketState(
        is_open=status not in SOLVED,
        hours=hours,
        severity=rules.severities[priority],
        is_escalated=desk.is_escalated(tags, rules) if ticket.tags or ticket.tags_known else None,
        names_competitor=bool(desk.levels_named(tags, "competitor", rules)),
        is_merged=ticket.listed or bool(desk.levels_named(tags, "merged", rules)),
    )


def tickets_by(home: Home, d: int) -> list[Ticket]:
    """List the tickets created by d that were not merged into others by then."""
    known = [ticket for ticket in home.tickets if ticket.day <= d]
    return [ticket for ticket in known if not ticket_at(home, ticket, d).is_merged]


def tickets_created(home: Home, d: int, days: int) -> list[Ticket]:
    """List the tickets created in the window."""
    return [ticket for ticket in tickets_by(home, d) if within(ticket.day, d, days)]


def states_of(home: Home, tickets: list[Ticket], d: int) -> list[TicketState]:
    """Return the state of these tickets at d."""
    return [ticket_at(home, ticket, d) for ticket in tickets]


def open_tickets(home: Home, d: int) -> int:
    """Count the unsolved tickets at d."""
    return sum(state.is_open for state in states_of(home, tickets_by(home, d), d))


def csat_given(home: Home, d: int, days: int) -> Fraction | None:
    """Average the CSAT answers given in the window."""
    return mean(a.score for a in home.answers if a.kind == "CSAT" and within(a.day, d, days))


def latest_nps(home: Home, d: int) -> int | None:
    """Return the latest NPS answer that has a score, while it is recent enough to count."""
    scores = [a.score for a in home.answers if a.kind == "NPS" and within(a.day, d, home.rules.nps_days)]
    known = [score for score in scores if score is not None]
    return int(known[-1]) if known else None


def touches_in(
    home: Home, d: int, days: int, kind: str | None = None, event: str | None = None
) -> list[Touch]:
    """List the engagement rows of a type and event in the window."""
    return [
        touch
        for touch in home.touches
        if within(touch.day, d, days) and kind in (None, touch.kind) and event in (None, touch.event)
    ]


def answered_share(home: Home, d: int, days: int, kind: str, event: str) -> Fraction | None:
    """Of the messages sent in the window, the share that had this event by d."""
    answered: dict[Touch, bool] = {}
    for touch in home.touches:
        if touch.kind != kind or touch.day > d:
            continue
        if touch.event == "sent":
            answered[touch] = False
        elif touch.event == event:
            meant = [sent for sent in answered if is_about(touch, sent)]
            if meant:
                answered[meant[-1]] = True
    return mean(done for sent, done in answered.items() if within(sent.day, d, days))


def is_about(answer: Touch, sent: Touch) -> bool:
    """Return whether it is the same message, or without an id a message to the same contact."""
    if answer.message is not None:
        return answer.message == sent.message
    return sent.message is None and answer.contact == sent.contact


def latest_subscription(home: Home, d: int) -> Version | None:
    """Return the subscription in force, else the one that started last, in its version at d."""
    line = home.line
    if line.at(d).main is not None:
        return line.at(d).main
    known = [name for name in line.subscriptions if line.version_at(name, d) is not None]
    if not known:
        return None
    return line.version_at(max(known, key=lambda name: (line.started(name), name)), d)


def failed_lately(home: Home, d: int) -> bool:
    """Whether the latest subscription became unpaid or incomplete lately, and is still not in force."""
    latest = latest_subscription(home, d)
    if latest is None or latest.in_force:
        return False
    became, failing = None, False
    for version in home.line.subscriptions[latest.subscription_id].versions:
        if version.day > d:
            break
        if version.failing and not failing:
            became = version.day
        failing = version.failing
    return became is not None and within(became, d, home.rules.failed_days)


def payment_status(home: Home, d: int) -> str | None:
    """Return the payment status of the latest subscription at d."""
    latest = latest_subscription(home, d)
    if latest is None:
        return None
    return billing.payment_status(home.line, latest.subscription_id, d, home.rules)


def limit_share(home: Home, d: int) -> Fraction | None:
    """Return the largest share of a limit that is used, under a plan with limits; of the known ones."""
    if not home.has("stripe.subscription_history"):
        return None
    limits = home.rules.limits.get(home.line.at(d).plan, {})
    used = {}
    if home.has("app.tasks"):
        used["recurring_tasks"] = sum(
            t.recurring and t.created <= d and t.completed_day > d and t.deleted > d for t in home.tasks
        )
    if home.has("product.events"):
        used["photos"] = photos_ever(home, d)
    if home.has("app.household_members"):
        used["members"] = len(members_at(home, d))
    return max((F(used[name], limits[name]) for name in used if name in limits), default=None)


def upgrade_day(home: Home, d: int) -> int:
    """Find the first day of the present run of days on at least the present plan's rank."""
    rank = home.rules.rank
    present = rank(home.line.at(d).plan)
    day = d
    while rank(home.line.at(day - 1).plan) >= max(present, 1):
        day -= 1
    return day


def billing_months(home: Home, d: int) -> Fraction | None:
    """Return the months between two bills of the latest subscription."""
    latest = latest_subscription(home, d)
    if latest is None or latest.price is None or not latest.price.interval_count:
        return None
    if latest.price.interval not in home.rules.interval_months:
        return None
    return latest.price.interval_count / home.rules.interval_months[latest.price.interval]


def care_on_time_rate(home: Home, d: int, days: int) -> Fraction | None:
    """Of the care tasks due in the window, the share completed on or before they were due."""
    due = [
        task.in_time
        for task in home.tasks
        if within(task.due_day, d, days)
        and home.rules.is_care(task.category)
        and task.created <= task.due_day < task.deleted
    ]
    return F(sum(due), len(due)) if due else None


def premium_uses(home: Home, d: int) -> dict[str, int]:
    """Count the uses of features of the plan since the upgrade; calendar sync is on or off."""
    since = home.events_in(d, d - upgrade_day(home, d) + 1)
    uses = Counter(event.feature for event in since)
    return {
        "calendar_sync": int(is_enabled(home, "calendar_sync", d)),
        "advanced_analytics": uses["advanced_analytics"],
        "custom_templates": uses["custom_templates"],
        "priority_support": uses["priority_support"],
        "premium_onboarding": sum(
            event.name == "feature_used" and event.feature == "premium_onboarding" for event in since
        ),
    }
