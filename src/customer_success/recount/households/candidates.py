"""Which customers to speak to about what: upsell, cross-sell, reviews, advocacy, as of one day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import windows
from .facts import Home, World, as_date, within
from .growth_facts import Growth
from .opportunities import tasks_in_use
from .opportunity_signals import is_achieved
from .scorecards import scorecard
from .values import day_number
from .voice_facts import Voice

GRAVE = {"Critical", "High"}
PAGES = frozenset({"pricing"})  # seed premium_pages
ANGLES = {  # signal: angle, offer, in the order that decides
    "recurring_tasks": ("unlimited_recurring_tasks", "premium_trial"),
    "photos": ("unlimited_photo_storage", "premium_trial"),
    "analytics": ("advanced_analytics", "premium_trial"),
    "premium_page": ("general_premium_value", "premium_discount"),
    "premium_clicks": ("general_premium_value", "premium_discount"),
}
CONTAINED = {"calendar_sync": ("Premium", "Enterprise"), "priority_support": ("Premium", "Enterprise")}
SENIOR_YEARS = {"dog": 8, "cat": 11, "rabbit": 6, "bird": 10, "reptile": 10}  # seed senior_ages
ADVOCACY_PLAYBOOKS = {"advocacy_invite", "referral_invite"}


class Candidate(NamedTuple):
    """A household to speak to; `order` ranks it within its program, before its id."""

    household: str
    program: str
    angle: str | None = None
    order: tuple = ()


def health(home: Home, d: int, world: World) -> int | None:
    """Return the primary score."""
    card = scorecard(world.rules.health.primary, home, d, world)
    return None if card is None else card.overall


def has_grave_ticket(home: Home, d: int) -> bool:
    """Return whether a ticket of severity High or Critical is open."""
    for ticket in windows.tickets_by(home, d):
        state = windows.ticket_at(home, ticket, d)
        if state.is_open and state.severity in GRAVE:
            return True
    return False


def upsell_signals(home: Home, growth: Growth, d: int) -> dict[str, int]:
    """Count what speaks for Premium, by signal; 0 where the signal does not hold."""
    photos = windows.photos_ever(home, d)
    uploads = windows.count_events(home, "photo_upload", d, 30)
    tried = sum(event.feature == "advanced_analytics" for event in home.events_in(d, 30))
    views = sum(within(day, d, 30) and page in PAGES for day, page in growth.pages)
    clicks = premium_clicks(home, growth, d)
    tasks = tasks_in_use(growth, d)
    return {
        "recurring_tasks": tasks if tasks >= 3 else 0,
        "photos": photos if photos >= 8 and uploads else 0,
        "analytics": tried,
        "premium_page": views,
        "premium_clicks": clicks if clicks >= 3 else 0,
    }


def premium_clicks(home: Home, growth: Growth, d: int) -> int:
    """Count limits hit, views of a premium page and uses of a premium feature in 30 days."""
    hits = sum(within(hit.day, d, 30) for hit in growth.hits)
    views = sum(within(day, d, 30) and page in PAGES for day, page in growth.pages)
    tiers = home.rules.feature_tiers
    return hits + views + sum(tiers.get(event.feature) == "premium" for event in home.events_in(d, 30))


def upsell(home: Home, growth: Growth, d: int, world: World) -> Candidate | None:
    """Return a candidate for Premium."""
    score = health(home, d, world)
    if home.line.at(d).plan != "Free" or d - home.signup < 30 or score is None or score < 70:
        return None
    found = [name for name, count in upsell_signals(home, growth, d).items() if count]
    if not found:
        return None
    order = (-score, -premium_clicks(home, growth, d))
    return Candidate(home.id, "upsell", ANGLES[found[0]][0], order)


def add_ons(home: Home, growth: Growth, d: int, homes_of_owner: int) -> Iterator[str]:
    """Yield the add-ons that fit a household, in the order of the seed."""
    pets = [pet for pet in growth.pets if pet.added <= d < pet.removed]
    if len(pets) >= 3 and homes_of_owner == 1:
        yield "additional_household"
    if tasks_in_use(growth, d) >= 5 and not windows.is_enabled(home, "calendar_sync", d):
        yield "calendar_sync"
    if any(_is_senior(pet.species, pet.born, d) for pet in pets):
        yield "pet_health_tracking"
    if len(windows.tickets_created(home, d, 90)) >= 3:
        yield "priority_support"


def _is_senior(species: str | None, born: int | None, d: int) -> bool:
    years = SENIOR_YEARS.get(species)
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
    for name in add_ons(home, growth, d, homes_of_owner):
        program = "feature_adoption" if plan in CONTAINED.get(name, ()) else "cross_sell"
        if program not in seen:
            seen.add(program)
            yield Candidate(home.id, program, name)


def review(home: Home, voice: Voice, d: int) -> Candidate | None:
    """Return whom to ask for a review, whatever the score."""
    asked = any(within(day_number(one.at), d, 90) for one in voice.requests)
    written = any(within(day_number(one.at), d, 365) for one in voice.reviews)
    if asked or written or not home.events_in(d, 30) or has_grave_ticket(home, d):
        return None
    return Candidate(home.id, "review")


def advocacy(home: Home, growth: Growth, voice: Voice, d: int, world: World, *, has_referred: bool):
    """Return a candidate for what advocates do; `angle` is the first activity that fits."""
    score, nps = health(home, d, world), windows.latest_nps(home, d)
    steps = (step for step in voice.steps if step.playbook in ADVOCACY_PLAYBOOKS)
    if score is None or score < 70 or nps is None or nps < 9 or any(within(s.day, d, 180) for s in steps):
        return None
    done = {activity for _, activity in growth.activities}
    succeeded = any(is_achieved(one, home, d, world) for one in growth.criteria)
    fits = [
        *(["case_study"] if succeeded and "case_study" not in done else []),
        *(["testimonial"] if "testimonial" not in done else []),
        "webinar",
        *([] if has_referred else ["referral"]),
    ]
    mrr = home.line.at(d).mrr
    return Candidate(home.id, "advocacy", fits[0], (mrr is None, -(mrr or 0)))
