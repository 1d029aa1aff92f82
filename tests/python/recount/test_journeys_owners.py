"""Engagement, renewals, assignments and reports on journeys by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction as F

import duckdb
import pytest

from customer_success.recount.households import engagement, growth, renewals
from customer_success.recount.households.assignments import Customer, Manager, assign
from customer_success.recount.households.values import FAR
from customer_success.recount.marts.drop_off import drop_off
from customer_success.recount.marts.renewal_reports import chances_of

from .journeys_by_hand import (
    RULES,
    SUNDAY,
    after,
    answer,
    away,
    event,
    household,
    of,
    project_rules,
    version,
    world,
)

JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)


def months(home, day):
    return {r["month_start"]: r for r in engagement.engagement_rows(home, world(home, day), RULES)}


def test_the_present_month_is_the_last_complete_one_on_its_last_day():
    shown = engagement.months_shown(of(date(2026, 6, 30)), 13)
    assert (shown[0], shown[-1], len(shown)) == (date(2025, 6, 1), date(2026, 6, 1), 13)
    shown = engagement.months_shown(of(date(2026, 6, 29)), 13)
    assert (shown[0], shown[-1], len(shown)) == (date(2025, 5, 1), date(2026, 6, 1), 14)


def test_score_and_changes_wait_for_the_end_of_the_month():
    home = household()
    for day in range(40):
        event(home, after(day))
    rows = months(home, date(2025, 7, 30))
    assert rows[JUNE]["engagement_score"] is not None
    assert (rows[JULY]["engagement_score"], rows[JULY]["login_change"]) == (None, None)
    home.memory.clear()
    assert months(home, date(2025, 7, 31))[JULY]["login_change"] == F(10 - 30, 30)


def test_what_is_unknown_is_left_out_of_the_score():
    home = household()
    for day in range(30):
        event(home, after(day))
    row = months(home, date(2025, 6, 30))[JUNE]
    # 30 login days, 1 of 5 members, no feature, 30 of 100 actions; no care task, no CSAT.
    expected = (F(15) * 100 + F(15) * 20 + F(20) * 0 + F(20) * 30) / 70
    assert (row["known_weight"], row["engagement_score"]) == (F(7, 10), round(expected))
    assert row["engagement_level"] == "low"


def test_less_than_half_of_the_weight_is_no_score():
    home = household(absent=("product.events",))
    answer(home, after(3), 5, "CSAT")
    row = months(home, date(2025, 6, 30))[JUNE]
    assert (row["known_weight"], row["engagement_score"], row["actions"]) == (F(15, 100), None, None)


def test_nobody_there_has_no_sessions_per_member():
    row = months(household(), date(2025, 6, 30))[JUNE]
    assert (row["sessions"], row["sessions_per_member"], row["avg_session_minutes"]) == (0, None, None)


def test_a_month_without_a_day_as_customer_has_no_row():
    home = household()
    away(home, date(2025, 7, 1))
    assert list(months(home, date(2025, 8, 31))) == [JUNE]


# ------------------------------------------------------------------------------------ renewals


def renewal(day, *versions):
    home = household(SUNDAY, versions)
    home.never = False
    found = list(renewals.renewal_rows(home, world(home, day)))
    return found[0] if found else None


def yearly(day=SUNDAY, **more):
    return version(day, interval="year", **{"period_end": after(365)} | more)


@pytest.mark.parametrize(
    "days, there", [(365 - 181, False), (365 - 180, True), (365 + 455, True), (365 + 456, False)]
)
def test_renewals_ahead_and_behind(days, there):
    again = yearly(after(365), period_end=after(1500))
    found = renewal(after(days), yearly(), again) if days >= 365 else renewal(after(days), yearly())
    assert (found is not None and found["renewal_on"] == of(after(365))) is there


def test_the_outcome_is_seen_after_the_days_of_grace():
    end = after(365)
    bigger = yearly(end, period_end=after(730), net=F(20))
    assert renewal(after(9, end), yearly(), bigger)["status"] == "ahead"
    assert renewal(after(10, end), yearly(), bigger)["status"] == "expanded"
    smaller = yearly(end, period_end=after(730), net=F(5))
    assert renewal(after(10, end), yearly(), smaller)["status"] == "renewed_smaller"
    same = yearly(end, period_end=after(730))
    assert renewal(after(10, end), yearly(), same)["status"] == "renewed"
    gone = version(after(9, end), status="canceled", interval="year")
    assert renewal(after(10, end), yearly(), gone)["status"] == "not_renewed"


def test_a_scheduled_cancellation_is_no_renewal_ahead():
    assert renewal(after(300), yearly(leaving=True))["status"] == "cancellation_scheduled"


def test_trials_and_months_do_not_renew():
    assert renewal(after(300), yearly(status="trialing")) is None
    assert renewal(after(300), version(SUNDAY, period_end=after(365))) is None


def test_few_renewals_of_a_band_are_pooled():
    health = project_rules().health
    past = [{"status": "renewed", "health_60d_before": 90, "health_now": None}] * 30
    past += [{"status": "not_renewed", "health_60d_before": 10, "health_now": None}]
    chances = chances_of(past, health, 30)
    top = health.bands[health.primary][0][1]
    assert chances[top][:2] == (1.0, 30)
    assert chances[None][:2] == (30 / (30 + 1), 30 + 1)
    assert set(chances) == {top, None}
    assert chances_of(past[: 30 - 1], health, 30) == {}


# --------------------------------------------------------------------------------- assignments

ADA = Manager("ada", "CSM", "enterprise", ("EU", "US"), 2)
BOB = Manager("bob", "csm", "onboarding", ("eu",), 1)


def of_customers(*customers, managers=(ADA, BOB)):
    return {name: (a.owner_id, a.kind) for name, a in assign(customers, managers, RULES).items()}


def test_owners_of_the_crm_stay_except_free_ones_and_those_who_left():
    found = of_customers(
        Customer("a", "Premium", "EU", Decimal(1), "ada"),
        Customer("b", "Free", "EU", Decimal(0), "ada"),
        Customer("c", "Premium", "EU", Decimal(1), "gone"),
    )
    assert found == {"a": ("ada", "keeps_owner"), "b": (None, "automated_cs"), "c": ("bob", "assigned")}


def test_enterprise_goes_first_then_the_higher_mrr_then_the_lower_id():
    jack = Manager("jack", "csm", "enterprise", ("EU",), 1)
    rows = [Customer(n, "Enterprise", "EU", Decimal(m), None) for n, m in (("c", 5), ("b", 9), ("a", 5))]
    assert of_customers(*rows, managers=(jack,))["b"] == ("jack", "assigned")
    assert of_customers(*rows[::2], managers=(jack,))["a"] == ("jack", "assigned")
    unknown = [
        Customer("a", "Enterprise", "EU", None, None),
        Customer("b", "Enterprise", "EU", Decimal(0), None),
    ]
    assert of_customers(*unknown, managers=(jack,))["b"] == ("jack", "assigned")


def test_the_smallest_portfolio_is_chosen_counting_what_was_just_assigned():
    eve = Manager("eve", "csm", "enterprise", ("EU",), 5)
    rows = [Customer(str(n), "Enterprise", "EU", Decimal(9 - n), None) for n in range(4)]
    found = of_customers(*rows, managers=(ADA, eve))
    assert [found[str(n)][0] for n in range(4)] == ["ada", "eve", "ada", "eve"]


@pytest.mark.parametrize(
    "customer, managers, reason",
    [
        (Customer("a", "Premium", "EU", Decimal(1), None), (ADA,), "no_csm_for_plan"),
        (Customer("a", "Premium", "US", Decimal(1), None), (BOB,), "no_csm_for_region"),
        (Customer("a", "Premium", None, Decimal(1), None), (BOB,), "no_csm_for_region"),
        (Customer("a", "Premium", "EU", Decimal(1), None), (BOB._replace(size=None),), "no_portfolio_left"),
    ],
)
def test_nobody_fits(customer, managers, reason):
    assert assign([customer], managers, RULES)["a"] == (None, "unassigned", reason)


def test_an_unknown_plan_comes_last_and_goes_to_any_csm():
    rows = [Customer("a", None, "EU", Decimal(99), None), Customer("b", "Premium", "EU", Decimal(1), None)]
    assert of_customers(*rows, managers=(BOB,)) == {"b": ("bob", "assigned"), "a": (None, "unassigned")}
    assert of_customers(rows[0], managers=(BOB,))["a"] == ("bob", "assigned")


# ------------------------------------------------------------------------------------- reports


def test_a_referral_converts_with_the_first_paying_day_but_not_of_one_who_paid():
    line = household(versions=(version(SUNDAY, status="trialing"), version(after(10)))).line
    assert growth.converted_on(line, of(after(2)), of(after(50))) == of(after(10))
    assert growth.converted_on(line, of(after(10)), of(after(50))) == of(after(10))
    assert growth.converted_on(line, of(after(11)), of(after(50))) is None
    assert growth.converted_on(household().line, of(after(2)), FAR) is None


def test_addresses_are_compared_without_case_and_plus():
    assert growth.address_of(" Ann+cats@Mail.Example ") == "ann@mail.example"


def losses(spells, churns):
    as_of = after(400)
    with duckdb.connect() as connection:
        connection.execute(
            "create schema analytics; create table analytics.fct_journey_stages (household_id varchar,"
            " spell_number integer, stage varchar, entered_on date, left_on date);"
            " create table analytics.fct_churn_events (household_id varchar, left_at date);"
            " create table analytics.fct_onboarding (program varchar, started_on date, completed_on date)"
        )
        for table, rows in (("fct_journey_stages", spells), ("fct_churn_events", churns)):
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(f"insert into analytics.{table} values ({marks})", row)
        connection.execute(
            "insert into analytics.fct_onboarding values ('quick_start', ?, null), ('quick_start', ?, ?),"
            " ('quick_start', ?, null)",
            [SUNDAY, SUNDAY, SUNDAY, after(-6, as_of)],
        )
        return {r["stage"]: r for r in drop_off(connection, as_of, RULES.drop_offs, RULES)}


def test_a_loss_belongs_to_the_stage_of_the_day_on_which_the_household_left():
    spells = [
        ("h", 1, "onboarding", SUNDAY, after(35)),
        ("h", 2, "adoption", after(35), after(130)),
        ("h", 3, "churned", after(130), None),
    ]
    found = losses(spells, [("h", after(100))])
    assert (found["adoption"]["n"], found["adoption"]["left_count"]) == (1, 1)
    late = losses(spells, [("h", after(126))])  # 91 days after entering
    assert late["adoption"]["left_count"] == 0
    closed = losses([*spells[:2], ("h", 3, "churned", after(120), None)], [("h", after(120))])
    assert closed["adoption"]["left_count"] == 1
    before = losses(spells, [("h", after(20))])
    assert before["adoption"]["left_count"] == 0


def test_only_known_first_entries_of_some_age_are_studied():
    assert losses([("h", 1, "adoption", None, None)], [])["adoption"]["n"] == 0
    again = [
        ("h", 1, "adoption", None, after(10)),
        ("h", 2, "growth", after(10), after(20)),
        ("h", 3, "adoption", after(20), None),
    ]
    assert losses(again, [])["adoption"]["n"] == 0
    assert losses([("h", 1, "adoption", after(280), None)], [])["adoption"]["n"] == 1
    assert losses([("h", 1, "adoption", after(281), None)], [])["adoption"]["n"] == 0


def test_verdicts_compare_the_stated_rate_with_the_interval():
    found = losses([], [])
    assert (found["onboarding"]["n"], found["onboarding"]["left_count"]) == (2, 1)
    assert found["onboarding"]["verdict"] == "consistent"
    assert (found["awareness"]["n"], found["awareness"]["verdict"]) == (None, "not_measurable")
    assert (found["advocacy"]["stated_rate"], found["advocacy"]["verdict"]) == (None, None)
