"""Engagement of a household by month: counts, changes against the month before, and the score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from . import windows
from .facts import Home, Touch, World, as_date, within
from .journey_rules import JourneyRules
from .scorecards import half_away
from .scoring import clamp
from .values import day_number

F = Fraction
Value = int | Fraction | None
CHANGES = {"login_change": "login_days", "action_change": "actions", "csat_change": "csat"}
EVENTS, TICKETS, ANSWERS = "product.events", "zendesk.ticket", "survey.response"
E_MAILS = ("hubspot.engagement", "hubspot.email_event")
MEETINGS = ("hubspot.engagement", "hubspot.engagement_meeting")


def month_of(d: int) -> date:
    """Return the first day of the month of a day."""
    return as_date(d).replace(day=1)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_shown(as_of: int, number: int) -> list[date]:
    """Return the present month and so many complete ones, earliest first."""
    months = [month_of(as_of)]
    complete = int(last_day(months[0]) <= as_date(as_of))
    while complete < number:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
        complete += 1
    return months


def engagement_rows(home: Home, world: World, rules: JourneyRules) -> Iterator[dict]:
    """Make the rows of fct_customer_engagement: months with at least one day as a customer."""
    for month in months_shown(world.as_of, home.rules.whole("engagement_months")):
        yield from engagement_row(home, month, world, rules)


def engagement_row(home: Home, month: date, world: World, rules: JourneyRules) -> Iterator[dict]:
    """Make the row of one month; score, level and changes only once it is complete."""
    first, end = day_number(month), min(day_number(last_day(month)), world.as_of)
    if not any(home.is_customer(d) for d in range(first, end + 1)):
        return
    complete = day_number(last_day(month)) <= world.as_of
    counts = counts_of(home, first, end)
    known, score = engagement_score(counts, rules, world.rules.health.least_known)
    score = score if complete else None
    before = (month - timedelta(days=1)).replace(day=1)
    past = counts_of(home, day_number(before), first - 1) if first > home.signup else {}
    yield {
        "month_start": month,
        "is_complete": complete,
        **counts,
        **{
            name: _change(counts[measure], past.get(measure)) if complete else None
            for name, measure in CHANGES.items()
        },
        "known_weight": known,
        "engagement_score": score,
        "engagement_level": None if score is None else next(b for least, b in rules.levels if score >= least),
    }


def last_complete(d: int) -> date:
    """Return the last complete month at d."""
    month = month_of(d)
    return month if last_day(month) <= as_date(d) else (month - timedelta(days=1)).replace(day=1)


def counts_of(home: Home, first: int, end: int) -> dict[str, Value]:
    """Return the measures of the days from first to end; of an absent source None."""
    days = end - first + 1
    sessions = home.sessions_in(end, days)
    active = windows.active_members(home, end, days)
    counts: dict[str, Value] = {
        "login_days": len({session.day for session in sessions}),
        "active_members": len(active),
        "sessions": len(sessions),
        "sessions_per_member": F(len(sessions), len(active)) if active else None,
        "avg_session_minutes": windows.mean_session_minutes(home, end, days),
        "features_used": len(windows.features_used(home, end, days)),
        "actions": len(home.events_in(end, days)),
    }
    if not home.has(EVENTS, "app.household_members"):
        counts = dict.fromkeys(counts)
    mails, meetings = (any(home.has(name) for name in names) for names in (E_MAILS, MEETINGS))
    held = windows.touches_in(home, end, days, "meeting", "held")
    return counts | {
        "emails_opened": _messages(home, end, days, "opened") if mails else None,
        "emails_clicked": _messages(home, end, days, "clicked") if mails else None,
        "tickets": len(windows.tickets_created(home, end, days)) if home.has(TICKETS) else None,
        "meetings_held": len(held) if meetings else None,
        "care_on_time_rate": windows.care_on_time_rate(home, end, days),
        "csat": windows.csat_given(home, end, days),
    }


def _messages(home: Home, end: int, days: int, event: str) -> int:
    """Count the distinct e-mails opened or clicked in the days; without an id, the mail sent last."""
    found = set()
    sent: list[Touch] = []
    for touch in home.touches:
        if touch.kind == "email" and touch.event == "sent":
            sent.append(touch)
        elif touch.kind == "email" and touch.event == event and within(touch.day, end, days):
            meant = [one for one in sent if windows.is_about(touch, one)]
            found.add(touch.message or (meant[-1].id if meant else touch.id))
    return len(found)


def _change(now: Value, before: Value) -> Fraction | None:
    """Return the change as a fraction of the month before; None where that is 0 or unknown."""
    return None if now is None or not before else (F(now) - F(before)) / F(before)


def engagement_score(
    counts: dict[str, Value], rules: JourneyRules, least: Fraction
) -> tuple[Fraction, int | None]:
    """Return the known weight and the score; None where less weight than ``least`` is known."""
    known = [one for one in rules.engagement if counts[one.name] is not None]
    weight = sum((one.weight for one in known), F(0))
    if not known or weight < least:
        return weight, None
    total = sum(one.weight * clamp(100 * F(counts[one.name]) / one.full) for one in known)
    return weight, half_away(total / weight)
