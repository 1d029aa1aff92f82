"""Candidates and the funnel of upsell by hand, on both sides of each bound."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customer_success.recount.households import candidates
from customer_success.recount.households.growth_facts import Growth, Hit, Pet, Task
from customer_success.recount.households.values import FAR, day_number
from customer_success.recount.households.voice_facts import Review, Step, Voice
from customer_success.recount.marts.expansion import bought_alone, path
from recount.voice_company import DAY, at, event, home, paying, ticket


def in_use(count: int) -> Growth:
    return Growth(recurring=[Task(DAY, DAY + 5, FAR)] * count)


@pytest.fixture
def score(monkeypatch):
    """Set the health score that the candidates have."""
    value = {"score": 80, "nps": 9}
    monkeypatch.setattr(candidates, "health", lambda home, d, world: value["score"])
    monkeypatch.setattr(candidates.windows, "latest_nps", lambda home, d: value["nps"])
    return value


@pytest.mark.parametrize(
    ("facts", "growth", "angle"),
    [
        ({}, in_use(2), None),
        ({}, in_use(3), "unlimited_recurring_tasks"),
        ({"events": [event(DAY, "photo_upload")] * 7}, Growth(), None),
        ({"events": [event(DAY, "photo_upload")] * 8}, Growth(), "unlimited_photo_storage"),
        ({"events": [event(DAY - 30, "photo_upload")] * 8}, Growth(), None),
        ({"events": [event(DAY, "feature_used", "advanced_analytics")]}, Growth(), "advanced_analytics"),
        ({"events": [event(DAY, "feature_used", "custom_templates")]}, Growth(), None),
        ({}, Growth(pages=[(DAY - 29, "pricing")]), "general_premium_value"),
        ({}, Growth(pages=[(DAY - 30, "pricing")]), None),
        ({}, Growth(pages=[(DAY, "home")]), None),
        ({}, Growth(hits=[Hit(DAY, None)] * 2), None),
        ({}, Growth(hits=[Hit(DAY, None)] * 3), "general_premium_value"),
    ],
)
def test_what_speaks_for_premium(score, facts, growth, angle):
    found = candidates.upsell(home(DAY - 60, **facts), growth, DAY, None)
    assert (found and found.angle) == angle


def test_upsell_is_for_healthy_customers_on_free_after_30_days(score):
    assert candidates.upsell(home(DAY - 30), in_use(3), DAY, None)
    assert candidates.upsell(home(DAY - 29), in_use(3), DAY, None) is None
    assert candidates.upsell(home(DAY - 60, (DAY, paying())), in_use(3), DAY, None) is None
    for value, found in ((70, True), (69, False), (None, False)):
        score["score"] = value
        assert bool(candidates.upsell(home(DAY - 60), in_use(3), DAY, None)) is found


def test_the_rank_goes_by_health_then_clicks(score):
    one = candidates.upsell(home(DAY - 60), in_use(3), DAY, None)
    other = candidates.upsell(home(DAY - 60), Growth(hits=[Hit(DAY, None)] * 3), DAY, None)
    assert other.order < one.order
    score["score"] = 90
    assert candidates.upsell(home(DAY - 60), in_use(3), DAY, None).order < other.order


def pets(*born: int | None, species: str = "dog") -> Growth:
    return Growth(pets=[Pet(species, day, DAY - 9, FAR) for day in born])


def names(rows):
    return [row["add_on"] for row in rows]


def test_add_ons():
    assert names(candidates.add_ons(home(), pets(None, None, None), DAY, 1)) == ["additional_household"]
    assert names(candidates.add_ons(home(), pets(None, None, None), DAY, 2)) == []
    assert names(candidates.add_ons(home(), pets(None, None), DAY, 1)) == []
    assert names(candidates.add_ons(home(), in_use(5), DAY, 1)) == ["calendar_sync"]
    assert names(candidates.add_ons(home(), in_use(4), DAY, 1)) == []
    enabled = home(settings=[(at(DAY), "s", DAY, "calendar_sync", True)])
    assert names(candidates.add_ons(enabled, in_use(5), DAY, 1)) == []
    for count, found in ((3, ["priority_support"]), (2, [])):
        given = home(tickets=[ticket(str(number), DAY) for number in range(count)])
        assert names(candidates.add_ons(given, Growth(), DAY + 89, 1)) == found
    given = home(tickets=[ticket(str(number), DAY) for number in range(3)])
    assert names(candidates.add_ons(given, Growth(), DAY + 90, 1)) == []


def test_a_pet_is_senior_on_its_birthday():
    birthday = day_number(at(DAY).replace(year=at(DAY).year - 8))
    assert names(candidates.add_ons(home(), pets(birthday), DAY, 1)) == ["pet_health_tracking"]
    assert names(candidates.add_ons(home(), pets(birthday + 1), DAY, 1)) == []
    assert names(candidates.add_ons(home(), pets(birthday, species="cat"), DAY, 1)) == []


def test_what_the_plan_contains_is_a_tip():
    found = {one.program: one.angle for one in candidates.cross_sell(home(), in_use(5), DAY, 1)}
    assert found == {"cross_sell": "calendar_sync"}
    pays = home(DAY, (DAY, paying()))
    found = {one.program: one.angle for one in candidates.cross_sell(pays, in_use(5), DAY, 1)}
    assert found == {"feature_adoption": "calendar_sync"}
    unknown = home(DAY, (DAY, paying(plan=None)))
    assert list(candidates.cross_sell(unknown, in_use(5), DAY, 1)) == []


def test_reviews_are_asked_of_the_active_whatever_their_score():
    active = {"events": [event(DAY - 29)]}
    assert candidates.review(home(DAY - 60, **active), Voice(), DAY)
    assert candidates.review(home(DAY - 60, events=[event(DAY - 30)]), Voice(), DAY) is None
    for days, found in ((89, False), (90, True)):
        asked = Voice(requests=[Review("q", "app_store", at(DAY - days))])
        assert bool(candidates.review(home(DAY - 60, **active), asked, DAY)) is found
    for days, found in ((364, False), (365, True)):
        written = Voice(reviews=[Review("v", "app_store", at(DAY - days), 1)])
        assert bool(candidates.review(home(DAY - 60, **active), written, DAY)) is found
    for tags, found in (("urgency_high impact_medium", False), ("urgency_low impact_low", True)):
        given = home(DAY - 60, tickets=[ticket("t", DAY, tags=tags)], **active)
        assert bool(candidates.review(given, Voice(), DAY)) is found


def test_advocates(score):
    def found(voice=None, growth=None, *, referred=False):
        given = home(DAY - 60)
        return candidates.advocacy(
            given, growth or Growth(), voice or Voice(), DAY, None, has_referred=referred
        )

    assert found().angle == "testimonial"
    assert found(growth=Growth(activities=[(DAY - 9, "testimonial")])).angle == "webinar"
    for days, is_one in ((179, False), (180, True)):
        step = Step(at(DAY - days), DAY - days, "advocacy_invite", None, False, "sent")
        assert bool(found(Voice(steps=[step]))) is is_one
    score["nps"] = 8
    assert found() is None


def test_mrr_orders_advocates(score):
    def of(mrr: str):
        given = home(DAY - 60, (DAY, paying(mrr=mrr)))
        return candidates.advocacy(given, Growth(), Voice(), DAY, None, has_referred=False)

    assert of("20").order < of("10").order and of("10").order == (False, -Decimal(10))


REACHED, SEEN = [at(DAY)], [at(DAY + 1)]


@pytest.mark.parametrize(
    ("steps", "views", "changes", "taken"),
    [
        ([], SEEN, [(DAY + 2, "bought")], []),
        (REACHED, [at(DAY - 1)], [(DAY + 2, "bought")], ["reached"]),
        (REACHED, SEEN, [], ["reached", "considered"]),
        (REACHED, SEEN, [(DAY, "trial")], ["reached", "considered"]),
        (REACHED, SEEN, [(DAY + 1, "trial")], ["reached", "considered", "trial"]),
        (REACHED, SEEN, [(DAY + 1, "bought")], ["reached", "considered", "bought"]),
        (
            REACHED,
            SEEN,
            [(DAY + 1, "trial"), (DAY + 9, "bought")],
            ["reached", "considered", "trial", "bought", "bought_after_trial"],
        ),
        (
            REACHED,
            SEEN,
            [(DAY + 1, "bought"), (DAY + 9, "trial")],
            ["reached", "considered", "trial", "bought"],
        ),
    ],
)
def test_each_step_counts_only_after_the_one_before(steps, views, changes, taken):
    assert path(steps, views, changes) == taken


def test_a_purchase_before_the_first_step_was_made_alone():
    assert bought_alone([], [(DAY, "bought")]) and bought_alone([at(DAY + 1)], [(DAY, "bought")])
    assert not bought_alone([at(DAY)], [(DAY, "bought")])
    assert not bought_alone([], [(DAY, "trial")])
