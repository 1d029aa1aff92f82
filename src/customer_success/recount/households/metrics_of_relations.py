"""The metrics of scorecards about the desk, payment and relations (see ``metrics``)."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from . import windows
from .facts import Home, World, within
from .metrics import Value, metric
from .windows import mean, states_of, tickets_created

F = Fraction
SUBSCRIPTIONS, CHARGES, TICKETS = "stripe.subscription_history", "stripe.charge", "zendesk.ticket"

# --------------------------------------------------------------------------------------- desk


@metric("tickets_30", TICKETS)
def tickets_30(home: Home, d: int, world: World) -> Value:
    """Tickets created in 30 days."""
    return len(tickets_created(home, d, 30))


@metric("tickets_90", TICKETS)
def tickets_90(home: Home, d: int, world: World) -> Value:
    """Tickets created in 90 days."""
    return len(tickets_created(home, d, 90))


@metric("critical_tickets_30", TICKETS)
def critical_tickets_30(home: Home, d: int, world: World) -> Value:
    """Critical tickets created in 30 days."""
    return sum(state.is_critical for state in states_of(home, tickets_created(home, d, 30), d))


for _days in (30, 90):

    @metric(f"mean_resolution_hours_{_days}", TICKETS)
    def mean_resolution_hours(home: Home, d: int, world: World, days: int = _days) -> Value:
        """Mean hours to the solution of the tickets created in the window that are solved."""
        return mean(state.hours for state in states_of(home, tickets_created(home, d, days), d))


@metric("mean_csat_of_tickets_30")
def mean_csat_of_tickets_30(home: Home, d: int, world: World) -> Value:
    """Mean CSAT given to the tickets created in 30 days."""
    names = {ticket.id for ticket in tickets_created(home, d, 30)}
    return mean(a.score for a in home.answers if a.kind == "CSAT" and a.day <= d and a.ticket in names)


@metric("mean_csat_90")
def mean_csat_90(home: Home, d: int, world: World) -> Value:
    """Mean CSAT given in 90 days."""
    return windows.csat_given(home, d, 90)


@metric("unresolved_critical_tickets", TICKETS)
def unresolved_critical_tickets(home: Home, d: int, world: World) -> Value:
    """Critical tickets that are unsolved at d."""
    states = states_of(home, windows.tickets_by(home, d), d)
    return sum(state.is_critical and state.is_open for state in states)


@metric("open_tickets", TICKETS)
def open_tickets(home: Home, d: int, world: World) -> Value:
    """Unsolved tickets at d."""
    return windows.open_tickets(home, d)


@metric("escalated_tickets_90", TICKETS)
def escalated_tickets_90(home: Home, d: int, world: World) -> Value:
    """Escalated tickets of 90 days; unknown where the tags of one are."""
    states = [state.is_escalated for state in states_of(home, tickets_created(home, d, 90), d)]
    return None if None in states else sum(states)


@metric("had_contact_90")
def had_contact_90(home: Home, d: int, world: World) -> Value:
    """Whether the team checked in with the household or wrote to it in 90 days."""
    if not (home.has("cs.check_ins") or home.has("hubspot.engagement")):
        return None
    contact = any(within(day, d, 90) for day in home.check_ins)
    return int(contact or bool(windows.touches_in(home, d, 90, "outreach")))


@metric("mean_sentiment_90")
def mean_sentiment_90(home: Home, d: int, world: World) -> Value:
    """Mean sentiment of the comments on tickets of 90 days."""
    return mean(
        value for day, value, channel in home.sentiments if channel == "ticket" and within(day, d, 90)
    )


@metric("mean_ticket_sentiment_90")
def mean_ticket_sentiment_90(home: Home, d: int, world: World) -> Value:
    """Mean sentiment of the ticket comments of 90 days."""
    return mean(value for day, value, kind in home.sentiments if kind == "ticket" and within(day, d, 90))


# ------------------------------------------------------------------------------------- paying


@metric("plan_rank", SUBSCRIPTIONS)
def plan_rank(home: Home, d: int, world: World) -> Value:
    """Rank of the plan at d."""
    plan = home.line.at(d).plan
    return None if plan is None else home.rules.rank(plan)


@metric("payment_standing", SUBSCRIPTIONS)
def payment_standing(home: Home, d: int, world: World) -> Value:
    """Recently failed first; then free, then the payment status."""
    if windows.failed_lately(home, d):
        return "failed"
    return windows.payment_status(home, d) if home.line.at(d).in_force else "free"


@metric("failed_charges_90", SUBSCRIPTIONS, CHARGES)
def failed_charges_90(home: Home, d: int, world: World) -> Value:
    """Failed charges of 90 days, of households with charges."""
    if payment_standing(home, d, world) in ("free", None):
        return None
    return sum(state == "failed" and within(day, d, 90) for day, state in home.charges)


@metric("days_payment_missing", SUBSCRIPTIONS, CHARGES)
def days_payment_missing(home: Home, d: int, world: World) -> Value:
    """Days by which the last payment is older than the interval and the days of grace."""
    latest = windows.latest_subscription(home, d)
    paid = [day for day, state in home.charges if state == "succeeded" and day <= d]
    if payment_standing(home, d, world) in ("free", "cancelled", None) or not paid or latest is None:
        return None
    if latest.price is None or latest.price.interval not in home.rules.interval_days:
        return None
    if not latest.price.interval_count:
        return None
    interval = home.rules.interval_days[latest.price.interval] * latest.price.interval_count
    return d - max(paid) - interval - home.rules.grace_days


@metric("charges_succeeded_share_180", SUBSCRIPTIONS, CHARGES)
def charges_succeeded_share_180(home: Home, d: int, world: World) -> Value:
    """Of the charges of 180 days that succeeded or failed, the share that succeeded; of paying households."""
    settled = [s for day, s in home.charges if within(day, d, 180) and s in ("succeeded", "failed")]
    if not home.line.at(d).paying or not settled:
        return None
    return F(settled.count("succeeded"), len(settled))


@metric("mrr_percentile", SUBSCRIPTIONS)
def mrr_percentile(home: Home, d: int, world: World) -> Value:
    """Share of the other paying households that pay less; None for a single one."""
    now, everyone = home.line.at(d), world.mrr_of_paying(d)
    if not now.paying or now.mrr is None or len(everyone) < 2:
        return None
    return F(bisect_left(everyone, now.mrr), len(everyone) - 1)


@metric("mrr_change_365d", SUBSCRIPTIONS)
def mrr_change_365d(home: Home, d: int, world: World) -> Value:
    """Change of the MRR in a year, as a share of the earlier MRR; of paying households."""
    now, before = home.line.at(d), home.line.at(d - 365).mrr
    return (F(now.mrr) - F(before)) / F(before) if now.paying and now.mrr is not None and before else None


@metric("billing_interval_months", SUBSCRIPTIONS)
def billing_interval_months(home: Home, d: int, world: World) -> Value:
    """Months between two bills; of paying households."""
    return windows.billing_months(home, d) if home.line.at(d).paying else None


@metric("limit_share")
def limit_share(home: Home, d: int, world: World) -> Value:
    """Largest share of a limit of the plan that is used."""
    return windows.limit_share(home, d)


# ---------------------------------------------------------------------------------- relations


@metric("email_open_rate_90")
def email_open_rate_90(home: Home, d: int, world: World) -> Value:
    """Of the mails sent in 90 days, the share opened."""
    return windows.answered_share(home, d, 90, "email", "opened")


@metric("outreach_replied_share_90")
def outreach_replied_share_90(home: Home, d: int, world: World) -> Value:
    """Of what was sent by hand in 90 days, the share replied to."""
    return windows.answered_share(home, d, 90, "outreach", "replied")


@metric("webinars_attended_90")
def webinars_attended_90(home: Home, d: int, world: World) -> Value:
    """Webinars attended in 90 days; unknown where there was none to attend."""
    webinars = windows.touches_in(home, d, 90, "webinar")
    invited = any(touch.event in ("invited", "attended") for touch in webinars)
    return sum(touch.event == "attended" for touch in webinars) if invited else None


def records_attendance(home: Home) -> bool:
    """Return whether the CRM says who attended and what was downloaded: HubSpot's connector does not."""
    return not home.has("hubspot.engagement_company")


@metric("downloads_90")
def downloads_90(home: Home, d: int, world: World) -> Value:
    """Downloads of 90 days; unknown where no download is recorded."""
    if not (records_attendance(home) and windows.touches_in(home, d, 90)):
        return None
    return len(windows.touches_in(home, d, 90, event="downloaded"))


@metric("meetings_attended_90")
def meetings_attended_90(home: Home, d: int, world: World) -> Value:
    """Meetings attended in 90 days; unknown where none was held."""
    meetings = windows.touches_in(home, d, 90, "meeting")
    there_was_one = any(touch.event in ("held", "attended") for touch in meetings)
    there_was_one = there_was_one and records_attendance(home)
    return sum(touch.event == "attended" for touch in meetings) if there_was_one else None


@metric("executive_meetings_90")
def executive_meetings_90(home: Home, d: int, world: World) -> Value:
    """Meetings with executives held in 90 days; unknown without an executive at d."""
    executives = [c for c in home.contacts if c.role == "executive" and c.created <= d]
    if not any(c.left > d for c in executives):
        return None
    names = {c.id for c in home.contacts if c.role == "executive"}
    return sum(t.contact in names for t in windows.touches_in(home, d, 90, "meeting", "held"))


@metric("champion_present")
def champion_present(home: Home, d: int, world: World) -> Value:
    """Whether the household has a champion at d; unknown where it never had one."""
    champions = [c for c in home.contacts if c.role == "champion" and c.created <= d]
    return int(any(c.left > d for c in champions)) if champions else None


@metric("nps_score")
def nps_score(home: Home, d: int, world: World) -> Value:
    """The latest NPS answer."""
    return windows.latest_nps(home, d)
