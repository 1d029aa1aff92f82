"""Which customers to speak to about what: upsell, cross-sell, reviews, advocacy, as of one day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import windows
from .facts import Home, World, as_date, within
from .growth_facts import Growth
from .opportunities import tasks_in_use
from .opportunity_signals import is_achieved
from .rules import Rules
from .scorecards import primary_score as health
from .values import day_number
from .voice_facts import Voice


class Candidate(NamedTuple):
    """A household to speak to; `order` ranks it within its program, before its id."""

    household: str
    program: str
    angle: str | None = None
    order: tuple = ()


def has_grave_ticket(home: Home, d: int) -> bool:
    """Return whether a ticket of a grave severity is open."""
    for ticket in windows.tickets_by(home, d):
        state = windows.ticket_at(home, ticket, d)
        if state.is_open and state.severity in home.rules.variables["grave_severities"]:
            return True
    return False


def premium_pages(rules: Rules) -> set[str]:
    """Return the pages that show what Premium costs and contains."""
    return {row["page"] for row in rules.rows("growth/premium_pages")}


def reached(voice: Voice, rules: Rules, program: str, d: int, days: int) -> bool:
    """Return whether a step of a program of growth reached the household in the days up to d."""
    playbooks = {
        row["playbook"] for row in rules.rows("growth/growth_playbooks") if row["program"] == program
    }
    happened = rules.variables["reached_statuses"]
    return any(
        step.playbook in playbooks and step.status in happened and within(step.day, d, days)
        for step in voice.steps
    )


def upsell_signals(home: Home, growth: Growth, d: int) -> dict[str, int]:
    """Count what speaks for Premium, by signal; 0 where the signal does not hold."""
    whole, pages = home.rules.whole, premium_pages(home.rules)
    photos = windows.photos_ever(home, d)
    uploads = windows.count_events(home, "photo_upload", d, 30)
    tried = sum(event.feature == home.rules.variables["analytics_feature"] for event in home.events_in(d, 30))
    views = sum(within(day, d, 30) and page in pages for day, page in growth.pages)
    clicks = premium_clicks(home, growth, d)
    tasks = tasks_in_use(growth, d, whole("due_soon_days"))
    return {
        "recurring_tasks": tasks if tasks >= whole("upsell_recurring_tasks") else 0,
        "photos": photos if photos >= whole("upsell_photos") and uploads else 0,
        "analytics": tried,
        "premium_page": views,
        "premium_clicks": clicks if clicks >= whole("upsell_clicks") else 0,
    }


def premium_clicks(home: Home, growth: Growth, d: int) -> int:
    """Count limits hit, views of a premium page and uses of a premium feature in 30 days."""
    hits, pages = sum(within(hit.day, d, 30) for hit in growth.hits), premium_pages(home.rules)
    views = sum(within(day, d, 30) and page in pages for day, page in growth.pages)
    tiers = home.rules.feature_tiers
    return hits + views + sum(tiers.get(event.feature) == "premium" for event in home.events_in(d, 30))


def upsell(home: Home, growth: Growth, d: int, world: World) -> Candidate | None:
    """Return a candidate for Premium."""
    score, whole = health(home, d, world), home.rules.whole
    if home.line.at(d).plan != home.rules.plans[0] or d - home.signup < whole("upsell_min_days"):
        return None
    if score is None or score < whole("growth_min_health"):
        return None
    counts = upsell_signals(home, growth, d)
    angles = sorted(home.rules.rows("growth/upsell_angles"), key=lambda row: int(row["rule_order"]))
    found = [row["angle"] for row in angles if counts[row["signal"]]]
    if not found:
        return None
    order = (-score, -premium_clicks(home, growth, d))
    return Candidate(home.id, "upsell", found[0], order)


def add_ons(home: Home, growth: Growth, d: int, homes_of_owner: int) -> Iterator[dict[str, str]]:
    """Yield the add-ons that fit a household (rows of the seed), in the order of the seed."""
    whole = home.rules.whole
    pets = [pet for pet in growth.pets if pet.added <= d < pet.removed]
    tasks = tasks_in_use(growth, d, whole("due_soon_days"))
    ages = {row["species"]: int(row["years"]) for row in home.rules.rows("growth/senior_ages")}
    fits = {
        "additional_household": len(pets) >= whole("many_pets") and homes_of_owner == 1,
        "calendar_sync": tasks >= whole("cross_sell_recurring_tasks")
        and not windows.is_enabled(home, "calendar_sync", d),
        "pet_health_tracking": any(_is_senior(ages.get(pet.species), pet.born, d) for pet in pets),
        "priority_support": len(windows.tickets_created(home, d, 90)) >= whole("cross_sell_tickets_90"),
    }
    for row in sorted(home.rules.rows("growth/add_ons"), key=lambda row: int(row["rule_order"])):
        if fits[row["add_on"]]:
            yield row


def _is_senior(years: int | None, born: int | None, d: int) -> bool:
    if years is None or born is None:
        return False
    birth, today = as_date(born), as_date(d)
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    return age >= years


def cross_sell(home: Home, growth: Growth, d: int, homes_of_owner: int) -> Iterator[Candidate]:
    """Yield the first add-on to offer, and a tip: the first that the plan contains. An unknown plan: none."""
    plan, seen = home.line.at(d).plan, set()
    if plan is None:  # it is unknown what the plan contains
        return
    for row in add_ons(home, growth, d, homes_of_owner):
        program = "feature_adoption" if plan in row["plans"].split() else "cross_sell"
        if program not in seen:
            seen.add(program)
            yield Candidate(home.id, program, row["add_on"])


def review(home: Home, voice: Voice, d: int) -> Candidate | None:
    """Return whom to ask for a review, whatever the score."""
    days, wait = home.rules.whole("review_ask_days"), home.rules.whole("review_wait_days")
    asked = any(within(day_number(one.at), d, days) for one in voice.requests)
    asked = asked or reached(voice, home.rules, "review", d, days)
    written = any(within(day_number(one.at), d, wait) for one in voice.reviews)
    if asked or written or not home.events_in(d, 30) or has_grave_ticket(home, d):
        return None
    return Candidate(home.id, "review")


def advocacy(home: Home, growth: Growth, voice: Voice, d: int, world: World, *, has_referred: bool):
    """Return a candidate for what advocates do; `angle` is the first activity that fits."""
    score, nps, whole = health(home, d, world), windows.latest_nps(home, d), home.rules.whole
    if score is None or score < whole("growth_min_health") or nps is None or nps < whole("promoter_score"):
        return None
    if reached(voice, home.rules, "advocacy", d, whole("advocacy_rest_days")):
        return None
    done = {activity for _, activity in growth.activities} | ({"referral"} if has_referred else set())
    succeeded = any(is_achieved(one, home, d, world) for one in growth.criteria)
    invitations = home.rules.rows("growth/advocacy_invitations")
    fits = [
        row["activity"]
        for row in sorted(invitations, key=lambda row: int(row["rule_order"]))
        if (row["is_once"] != "true" or row["activity"] not in done)
        and (row["needs_success"] != "true" or succeeded)
    ]
    if not fits:
        return None
    mrr = home.line.at(d).mrr
    return Candidate(home.id, "advocacy", fits[0], (mrr is None, -(mrr or 0)))
