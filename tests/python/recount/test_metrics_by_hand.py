"""The recount of companies of a few rows, compared with numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from customer_success.proofs import PROOFS
from customer_success.recount.metrics import prove_metrics
from customer_success.recount.metrics.definitions import METRICS

from . import rules_by_hand
from .company import ALL, Company

QUARTER = ("quarter", date(2026, 4, 1))
LAST_WEEK = ("week", date(2026, 6, 22))


def test_money_is_compared_at_the_two_ends_of_the_period():
    """Of 40 at the start 26 stay, 6 of them of what shrank; 41 are paid at the end; 10 are lost whole."""
    company = Company()
    for home in ("grown", "shrunk", "lost", "there_and_back"):
        company.household(home)
        company.pays(home, "ten", "2026-02-01")
    company.pays("grown", "twenty_five", "2026-06-10")
    company.pays("shrunk", "six", "2026-06-10")
    company.pays("lost", "ten", "2026-06-30 23:59", status="canceled")
    company.pays("there_and_back", "twenty_five", "2026-06-05")
    company.pays("there_and_back", "ten", "2026-06-20")
    company.household("new", "2026-06-02")
    company.pays("new", "ten", "2026-06-02")
    company.count()
    assert company.of("gross_revenue_retention") == (26, 40, 4, 0)
    assert company.of("net_revenue_retention") == (41, 40, 4, 0)
    assert company.of("revenue_churn_rate") == (10, 40, 4, 0)
    assert company.of("logo_churn_rate") == (1, 4, 4, 0)
    assert company.of("logo_retention") == (3, 4, 4, 0)
    assert company.of("mrr") == (51, None, 4, 0)
    assert company.of("expansion_share") == (15, 51, 4, 0)
    assert company.of("mrr", segment="Enterprise") == (25, None, 1, 0)
    assert company.of("logo_retention", segment="Premium") == (3, 4, 4, 0)


def test_households_churn_on_the_thirtieth_silent_day_or_when_they_close():
    company = Company()
    company.household("silent_since_may_1", "2026-04-20", seen=("2026-05-01",))  # churned on 31 May
    company.household("silent_since_may_2", "2026-04-20", seen=("2026-05-02",))  # churned on 1 June
    company.household("silent_since_may_31", "2026-04-20", seen=("2026-05-31",))  # churned on 30 June
    company.household("silent_since_june_1", "2026-04-20", seen=("2026-06-01",))
    company.household("closed", "2026-05-20", seen=("2026-06-29",), closed_at="2026-06-30 09:00")
    company.household(
        "open", "2026-05-31", closed_at="2026-05-31 12:00"
    )  # closed on its first day: never a customer
    company.household("paying", "2026-01-01")
    company.pays("paying", "ten", "2026-01-01", status="past_due")
    company.household("back", "2026-04-20", seen=("2026-05-04", "2026-06-20"))  # churned and came back
    company.count()
    assert company.of("household_churn_rate") == (4, 5, 5, 0)
    assert company.of("feature_adoption_rate") == (0, 3, 3, 0)


def test_activity_on_the_day_of_signup_counts_one_customer():
    company = Company()
    for number in range(300):
        company.household(f"h{number}", "2026-05-20", seen=("2026-05-20", "2026-05-21"))
    assert company.count().of("household_churn_rate") == (300, 300, 300, 0)


def test_conversion_is_of_customers_on_free_and_a_trial_is_a_plan():
    company = Company()
    for home in ("converted", "on_trial", "still_free"):
        company.household(home, "2026-05-20", seen=("2026-05-31", "2026-06-25"))
    company.household("gone", "2026-01-01")
    company.pays("converted", "ten", "2026-06-20", status="trialing")
    company.pays("converted", "ten", "2026-06-27")
    company.pays("on_trial", "ten", "2026-05-25", status="trialing")
    company.pays("on_trial", "ten", "2026-06-08")
    company.pays("gone", "ten", "2026-06-08")
    assert company.count().of("free_to_paid_conversion") == (1, 2, 2, 0)


@pytest.mark.parametrize(
    ("prices", "mrr"),
    [
        ({"year": 1}, 8.25),
        ({"week": 1}, 12.96),  # 2.99 x 52 / 12 = 12.9567
        ({"quarter": 2}, 20),
        ({"four_cents_a_year": 1}, 0),
        ({"four_cents_a_year": 2, "ten_cents_a_year": 1}, 0.02),  # one and a half cents: half a cent goes up
    ],
)
def test_mrr_is_rounded_once_per_household(prices, mrr):
    company = Company()
    company.household("h")
    for price, quantity in prices.items():
        company.pays("h", price, "2026-02-01", name=price, quantity=quantity)
    assert company.count().of("mrr") == (mrr, None, 1, 0)


def test_yen_have_no_cents():
    company = Company()
    company.household("h")
    company.add(
        "raw_kept.stripe__price",
        id="yen",
        product_id="Premium",
        currency="jpy",
        unit_amount=1000,
        recurring_interval="month",
        recurring_interval_count=1,
    )
    company.pays("h", "yen", "2026-02-01")
    in_yen = rules_by_hand.rules({"reporting_currency": "jpy"})
    assert company.count(rules=in_yen).of("mrr") == (1000, None, 1, 0)


def test_an_unknown_price_makes_no_zero():
    company = Company()
    for home in ("known", "unknown"):
        company.household(home)
        company.pays(home, "ten", "2026-02-01")
    company.pays("unknown", "metered", "2026-02-01", name="besides")
    company.household("no_price")
    company.pays("no_price", "gone", "2026-02-01")
    company.household("no_quantity")
    company.pays("no_quantity", "ten", "2026-02-01", quantity=None)  # one
    company.count()
    assert company.of("mrr") == (20, None, 2, 2)
    assert company.of("net_revenue_retention") == (20, 20, 2, 2)
    assert company.of("logo_retention") == (4, 4, 4, 0)
    assert company.of("expansion_share") == (0, 20, 2, 2)


def test_who_pays_before_the_account_was_made_has_signed_up():
    company = Company()
    company.household("h", "2026-06-15", seen=("2026-06-29",))
    company.pays("h", "ten", "2026-05-15")
    company.count()
    assert company.of("logo_retention") == (1, 1, 1, 0)
    assert company.of("household_churn_rate") == (0, 1, 1, 0)


def test_adoption_takes_three_features_in_the_thirty_days():
    company = Company()
    company.household("adopter", seen=("2026-06-20",))
    company.household("too_early", seen=("2026-06-20",))
    company.household("of_one", seen=("2026-06-20",))
    for home, day, feature in [
        ("adopter", "2026-06-01", "reminders"),
        ("adopter", "2026-06-30", "calendar_sync"),
        ("adopter", "2026-06-15", "notifications"),
        ("too_early", "2026-05-31", "reminders"),
        ("too_early", "2026-06-30", "calendar_sync"),
        ("too_early", "2026-06-15", "notifications"),
        ("of_one", "2026-06-10", "reminders"),
        ("of_one", "2026-06-11", "reminders"),
        ("of_one", "2026-06-12", "reminders"),
        ("of_one", "2026-06-12", "premium_onboarding"),
        ("of_one", "2026-06-12", "add_pet"),
    ]:
        company.event(home, day, feature=feature)
    company.event("too_early", "2026-06-15", user="a_stranger", feature="photo_uploads")
    assert company.count().of("feature_adoption_rate") == (1, 3, 3, 0)


def test_surveys():
    """One answer per household, its last scored one; invitations answered by the end of the period."""
    company = Company()
    for home, scores in {"a": (3, 9), "b": (9, None), "c": (6,), "d": (8,), "e": (None,)}.items():
        company.household(home)
        for day, score in enumerate(scores, start=10):
            company.answer(home, "NPS", score, f"2026-06-{day} 08:00")
    company.answer("a", "CSAT", 5, "2026-06-01")
    company.answer("a", "CSAT", 2, "2026-06-30 23:59")
    company.answer("a", "CSAT", None, "2026-06-03")
    company.answer("a", "CSAT", 1, "2026-05-31 23:59")
    for name, sent, answered in [
        ("in_time", "2026-06-01", "2026-06-30 23:59"),
        ("before", "2026-05-31", "2026-06-01"),
        ("never", "2026-06-25", None),
        ("week_after", "2026-06-22", "2026-06-29"),
    ]:
        company.add("raw_kept.survey__invitation", id=name, household_id="a", survey_type="NPS", sent_at=sent)
        if answered:
            company.answer("a", "Product", 3, answered, invitation=name)
    company.count()
    assert company.of("nps") == (1, 4, 4, 1)
    assert company.of("csat") == (7, 2, 2, 1)
    assert company.of("nps_response_rate") == (2, 3, 3, 0)
    assert company.of("nps_response_rate", LAST_WEEK) == (0, 2, 2, 0)
    assert company.of("csat_response_rate") == (0, 0, 0, 0)


def test_retention_counts_the_very_day():
    company = Company()
    company.household("h", "2026-01-01")
    for user, joined, left, active in [
        ("back", "2026-05-05", None, ("2026-05-12", "2026-06-04")),
        ("a_day_late", "2026-05-05", None, ("2026-05-13",)),
        ("left", "2026-05-05", "2026-05-12", ("2026-05-12",)),
        ("young", "2026-06-01", None, ("2026-06-08",)),
        ("newest", "2026-06-25", None, ()),
    ]:
        company.member("h", user, joined, left)
        for day in active:
            company.event("h", day, user=user)
    company.count()
    assert company.of("user_retention_d7", ("month", date(2026, 5, 1))) == (1, 3, 3, 0)
    assert company.of("user_retention_d30", ("month", date(2026, 5, 1))) == (1, 3, 3, 0)
    assert company.of("user_retention_d7") == (1, 1, 1, 1)
    assert company.of("user_retention_d30") == (0, 0, 0, 2)


def test_presence_adds_up_members_day_by_day():
    """Seen on 1 and 3 June: 2 days, 9 within a week of them, all 30 within 28 days; 20 May: until 16 June."""
    company = Company()
    company.household("june", seen=("2026-06-01 08:00", "2026-06-01 20:00", "2026-06-03"))
    company.household("may", seen=("2026-05-20",))
    company.member("may", "june_owner", "2026-01-01", "2026-06-10")
    company.event("may", "2026-06-09", user="june_owner")
    company.event("may", "2026-06-10", user="june_owner")  # left that day: a member no longer
    company.count()
    assert company.of("dau") == (2 + 1, 30, 2, 0)
    assert company.of("wau") == (9 + 7, 30, 2, 0)
    assert company.of("mau") == (30 + 16 + 22, 30, 2, 0)
    assert company.of("dau_mau_ratio") == (3, 68, 2, 0)
    assert company.of("mau", LAST_WEEK) == (7 + 7, 7, 2, 0)


def test_tickets_are_counted_at_the_end_of_the_period():
    company = Company()
    company.household("h")
    company.ticket(
        "one_touch", "2026-06-02 10:00", tags="urgency_high impact_high", solved="2026-06-02 13:30"
    )
    company.reply("one_touch", "2026-06-02 10:30")
    company.ticket("reopened", "2026-06-10 10:00", solved="2026-06-10 11:00", open="2026-06-25")
    company.reply("reopened", "2026-06-10 11:00")
    company.ticket("two_answers", "2026-05-30 10:00", solved="2026-06-05 10:00", closed="2026-06-09")
    company.reply("two_answers", "2026-06-01")
    company.reply("two_answers", "2026-06-02")
    company.ticket("unanswered", "2026-06-30 20:00", tags="urgency_low impact_low")
    company.reply("unanswered", "2026-06-30 21:00", public=False)
    company.ticket("due_at_midnight", "2026-06-29", tags="urgency_medium")
    company.ticket("late", "2026-06-20", solved="2026-06-22 00:00:00.000001")
    company.count()
    # Half an hour and a whole one; resolution: 3.5 hours, and 48 and a microsecond.
    assert company.of("first_response_hours") == (1.5, 2, 2, 3)
    assert company.of("resolution_hours") == (51.5, 2, 2, 3)
    # Due: one_touch (met), reopened (not), late (missed by a microsecond); P3 without tags, 48 hours.
    assert company.of("sla_met_rate") == (1, 3, 3, 2)
    assert company.of("one_touch_rate") == (1, 3, 3, 0)
    # A week before the reopening it was solved.
    assert company.of("resolution_hours", ("week", date(2026, 6, 8))) == (1, 1, 1, 0)
    assert company.of("sla_met_rate", ("week", date(2026, 6, 8))) == (1, 1, 1, 0)


def test_merged_tickets_count_nowhere_from_the_day_of_the_tag_on():
    company = Company()
    company.household("h")
    company.ticket("stands", "2026-06-02", tags="urgency_high impact_high", solved="2026-06-02 02:00")
    company.ticket("tagged", "2026-06-02", tags="urgency_high impact_high", closed="2026-06-02 03:00")
    company.change("tagged", "tags", "urgency_high impact_high merged_away", "2026-06-10")
    company.ticket("listed", "2026-06-02", own={"is_listed": True}, closed="2026-06-02 05:00")
    tags = rules_by_hand.SEEDS["ticket_tags"] + "\nmerged_away,merged,true"
    company.count(rules=rules_by_hand.rules(ticket_tags=tags))
    assert company.of("resolution_hours") == (2, 1, 1, 0)
    assert company.of("sla_met_rate") == (1, 1, 1, 0)
    assert company.of("one_touch_rate") == (0, 1, 1, 0)
    # In the week before the tag it was a ticket, solved in 3 hours of 4.
    assert company.of("resolution_hours", ("week", date(2026, 6, 1))) == (5, 2, 2, 0)
    assert company.of("sla_met_rate", ("week", date(2026, 6, 1))) == (2, 2, 2, 0)


def test_staff_are_agents_assignees_and_their_domain():
    """Of seven who wrote first, three are customers: on a public domain, of a deleted agent's, unknown."""
    company = Company()
    company.household("h")
    for name, role, email, is_deleted in (
        ("ada", "agent", "ada@Desk.example", False),
        ("eve", "end-user", "eve@desk.example ", True),
        ("bob", "admin", "bob@mail.example", False),
        ("sue", "end-user", "sue@mail.example", False),
        ("old", "agent", "old@agency.example", True),
        ("new", "end-user", "new@agency.example", False),
    ):
        row = {"id": name, "role": role, "email": email, "is_deleted": is_deleted}
        company.add("raw_kept.zendesk__user", **row)
    company.add("raw_read.zendesk__ticket", assignee_id="temp", row_class="quarantined")
    company.add("raw_read.zendesk__ticket", assignee_id="future", row_class="later")
    history = {"field_name": "assignee_id", "row_class": "kept"}
    company.add("raw_read.zendesk__ticket_field_history", value="once", **history)
    for hours, name in enumerate(("ada", "eve", "bob", "sue", "old", "new", "temp", "future", "once")):
        company.ticket(name, "2026-06-02 00:00")
        company.reply(name, f"2026-06-02 {2**hours // 60:02}:{2**hours % 60:02}", user=name)
    company.count()
    minutes = sum(2**hours for hours in (0, 1, 2, 4, 6, 8))
    total, *rest = company.of("first_response_hours")
    assert (round(total * 60, 3), *rest) == (minutes, 6, 6, 3)


def test_tickets_that_staff_opened_are_in_no_mean_of_responses():
    """By who submitted them, else by who wrote what came with them."""
    company = Company()
    company.household("h")
    company.ticket("submitted", "2026-06-02", own={"submitter_id": "agent"})
    company.reply("submitted", "2026-06-02 05:00")
    company.ticket("described", "2026-06-02")
    company.reply("described", "2026-06-02")
    company.ticket("by_customer", "2026-06-02", own={"submitter_id": "h_owner"})
    company.reply("by_customer", "2026-06-02 02:00")
    company.ticket("silent", "2026-06-02")
    company.count()
    assert company.of("first_response_hours") == (2, 1, 1, 1)


def test_a_ticket_solved_at_an_unknown_time_is_no_missed_promise():
    company = Company()
    company.household("h")
    company.ticket("some_time", "2026-06-02", own={"status": "closed"})
    company.ticket("open", "2026-06-02")
    company.count()
    assert company.of("sla_met_rate") == (0, 1, 1, 0)
    assert company.of("resolution_hours") == (0, 0, 0, 2)


def test_the_priority_of_the_desk_counts_where_a_tag_is_missing():
    """urgent: 4 hours, low: 120, assumed: 48; the latest by the end of the period, else the present one."""
    company = Company()
    company.household("h")
    for name, own, tags, hours in (
        ("present", {"priority": "urgent"}, "urgency_low", 5),  # missed
        ("tagged", {"priority": "urgent"}, "urgency_low impact_low", 100),  # met
        ("assumed", {}, "impact_high", 40),  # met
        ("changed", {"priority": "urgent"}, None, 100),  # low by then: met
        ("unset", {"priority": "low"}, None, 100),  # taken away: missed
    ):
        moment = f"2026-06-{2 + hours // 24:02} {hours % 24:02}:00"
        company.ticket(name, "2026-06-02", tags=tags, own=own, solved=moment)
    company.change("changed", "priority", "urgent", "2026-06-02")
    company.change("changed", "priority", "low", "2026-06-03")
    company.change("unset", "priority", "low", "2026-06-02")
    company.change("unset", "priority", None, "2026-06-03")
    company.count()
    assert company.of("sla_met_rate") == (3, 5, 5, 0)


def test_scores_are_those_of_the_last_score_date_and_customers_are_counted_from_raw():
    company = Company()
    for home, score in {
        "healthy": 80,
        "at_risk": 79,
        "unhealthy": 59,
        "critical": 39,
        "unknown": None,
    }.items():
        company.household(home, "2026-06-20", seen=("2026-06-25",))
        company.score(home, "2026-06-28", 50)
        company.score(home, "2026-06-30", score)
    company.household("gone", "2026-01-01")
    company.score("gone", "2026-06-30", 90)
    company.household("without_a_row", "2026-06-20")
    company.count()
    assert company.of("healthy_share") == (1, 4, 4, 2)
    assert company.of("at_risk_share") == (1, 4, 4, 2)
    assert company.of("critical_share") == (1, 4, 4, 2)
    assert company.of("avg_health_score") == (80 + 79 + 59 + 39, 4, 4, 2)
    assert company.of("avg_health_score", LAST_WEEK) == (250, 5, 5, 1)


def test_metrics_of_an_absent_source_are_unknown():
    company = Company()
    company.household("h", "2026-05-20", seen=("2026-06-10",))
    company.ticket("t", "2026-06-02", solved="2026-06-03")
    company.add(
        "raw_kept.survey__invitation", id="i", household_id="h", survey_type="NPS", sent_at="2026-06-05"
    )
    company.count(ALL - {"stripe.subscription_history", "zendesk.ticket_comment", "survey.response"})
    assert company.of("free_to_paid_conversion") == (0, 0, 0, 0)
    assert company.of("mrr") == (0, None, 0, 0)
    assert company.of("household_churn_rate", segment="unknown") == (0, 1, 1, 0)
    assert company.of("one_touch_rate") == (None, 1, 1, 0)
    assert company.of("nps_response_rate") == (None, 1, 1, 0)


def test_a_household_of_unknown_region_is_in_a_segment_of_its_own():
    company = Company()
    company.household("nowhere", "2026-05-20", region=None)
    company.household("named_so", "2026-05-20", region="unknown")
    company.household("somewhere", "2026-05-20")
    company.count()
    assert company.of("household_churn_rate", segment="unknown") == (2, 2, 2, 0)
    assert company.of("household_churn_rate", segment="EU") == (1, 1, 1, 0)


def test_the_build_command_proves_metrics():
    module, name = dict(PROOFS)["recount of metrics"].split(":")
    assert getattr(import_module(module), name) is prove_metrics


def test_each_metric_is_tested_by_hand():
    """A metric that is added to the recount gets a number worked out by hand here."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [metric.name for metric in METRICS if f'company.of("{metric.name}"' not in text] == []


def begun(company, home, signup, *, task="", login="", pet=""):
    """A household with the required steps of the quick start on some days."""
    company.household(home, signup)
    for name, at in (("login", login), ("task_completion", task)):
        if at:
            company.add(
                "raw_kept.product__events",
                household_id=home,
                user_id=f"{home}_owner",
                event_name=name,
                event_at=at,
            )
    if pet:
        company.add("raw_kept.app__pets", household_id=home, added_at=pet)


def test_a_quick_start_is_complete_within_seven_days():
    company = Company()
    begun(company, "in_time", "2026-06-01", login="2026-06-01", pet="2026-05-01", task="2026-06-08")
    begun(company, "late", "2026-06-01", login="2026-06-01", pet="2026-06-02", task="2026-06-09")
    begun(company, "never", "2026-06-02", login="2026-06-02", task="2026-06-02")
    begun(company, "last", "2026-06-23", login="2026-06-23", pet="2026-06-23", task="2026-06-23")
    company.count()
    assert company.of("onboarding_completion_rate") == (2, 4, 4, 0)
    assert company.of("first_value_7d_rate") == (3, 4, 4, 0)


def test_a_quick_start_whose_days_are_not_over_is_unknown():
    company = Company()
    begun(company, "h", "2026-06-24", login="2026-06-24", pet="2026-06-24", task="2026-06-24")
    company.count()
    assert company.of("onboarding_completion_rate") == (0, 0, 0, 1)
    assert company.of("first_value_7d_rate") == (0, 0, 0, 1)


def test_those_who_begin_on_enterprise_or_close_at_once_have_no_quick_start():
    company = Company()
    begun(company, "big", "2026-06-01", login="2026-06-01", pet="2026-06-01", task="2026-06-01")
    company.pays("big", "twenty_five", "2026-06-01")
    begun(company, "later", "2026-06-01", login="2026-06-01", pet="2026-06-01", task="2026-06-01")
    company.pays("later", "twenty_five", "2026-06-02")
    company.household("gone", "2026-06-01", closed_at="2026-06-01 09:00")
    company.count()
    assert company.of("onboarding_completion_rate") == (1, 1, 1, 0)


def test_steps_that_nothing_records_are_left_out():
    company = Company()
    begun(company, "h", "2026-06-01", login="2026-06-01", task="2026-06-02")
    company.count(present=ALL - {"app.pets"})
    assert company.of("onboarding_completion_rate") == (1, 1, 1, 0)


def test_a_first_value_that_nothing_records_is_unknown():
    company = Company()
    begun(company, "h", "2026-06-01", login="2026-06-01", pet="2026-06-01")
    company.count()
    assert company.of("onboarding_completion_rate") == (1, 1, 1, 0)
    assert company.of("first_value_7d_rate") == (0, 0, 0, 1)


def test_new_households_go_by_their_plan_at_the_end_of_the_period():
    company = Company()
    begun(company, "h", "2026-06-01", login="2026-06-01", pet="2026-06-01", task="2026-06-01")
    company.pays("h", "premium", "2026-06-20")
    company.count()
    assert company.of("onboarding_completion_rate", segment="Premium") == (1, 1, 1, 0)
    assert company.of("onboarding_completion_rate", segment="Free") is None


def test_detractors_are_followed_up_by_the_moment_that_is_due():
    company = Company()
    for home in ("in_time", "late", "never", "unseen", "seen_later"):
        company.household(home)
    for home in ("in_time", "late"):
        company.add("raw_kept.hubspot__company", household_id=home)
    company.add("raw_kept.zendesk__organization", external_id="never")
    company.loop("in_time", "2026-06-01 10:00", "2026-06-02 10:00", "2026-06-02 10:00")
    company.loop("late", "2026-06-01 10:00", "2026-06-02 10:00", "2026-06-02 10:00:01")
    company.loop("never", "2026-05-31 10:00", "2026-06-01 10:00", None)
    company.loop("never", "2026-06-30 10:00", "2026-07-01 10:00", None)
    company.loop("never", "2026-06-01 10:00", "2026-06-08 10:00", None, kind="champion")
    company.loop("never", "2026-06-01 10:00", "2026-06-02 10:00", None, origin="csat")
    company.loop("unseen", "2026-06-01 10:00", "2026-06-02 10:00", None)
    # Followed up after the period: as of its end nothing had been seen.
    company.loop("seen_later", "2026-05-01 10:00", "2026-05-02 10:00", "2026-06-03 10:00")
    company.count()
    assert company.of("detractor_follow_up_rate") == (1, 3, 3, 1)
    assert company.of("detractor_follow_up_rate", ("month", date(2026, 5, 1))) == (0, 0, 0, 1)
    assert company.of("detractor_follow_up_rate", ("quarter", date(2026, 4, 1))) == (1, 4, 4, 1)


def test_hours_to_close_are_of_loops_closed_by_the_end_of_their_period():
    company = Company()
    company.household("h")
    company.loop("h", "2026-06-01 10:00", "2026-06-02 10:00", "2026-06-01 11:30")
    company.loop("h", "2026-06-02 10:00", "2026-06-09 10:00", "2026-06-30 10:00", kind="champion")
    company.loop("h", "2026-06-03 10:00", "2026-06-04 10:00", None)
    company.loop("h", "2026-05-31 10:00", "2026-06-01 10:00", "2026-06-01 12:00")
    company.count()
    assert company.of("loop_closing_hours") == (673.5, 2, 2, 1)
    assert company.of("loop_closing_hours", ("month", date(2026, 5, 1))) == (0, 0, 0, 1)
