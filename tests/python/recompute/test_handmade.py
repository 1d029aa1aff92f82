"""Small cases whose answers were worked out by hand: the recomputation is itself checked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from customer_success.recount.households.core import load_raw, recompute

from .compare import compare
from .miniature import Miniature
from .warehouse import compare_all


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def one(frame: pd.DataFrame, **where) -> dict:
    """Return the only row that meets a condition."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, frame
    return frame.iloc[0].to_dict()


def run(mini: Miniature, as_of: str) -> dict[str, pd.DataFrame]:
    return recompute(mini.raw(), as_of)


# ------------------------------------------------------------------------------------- churn


def test_dark_household_churns_thirty_days_after_its_last_active_day():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-10 12:00")
    # 10 January still lies in the window of 30 days that ends on 8 February
    before = run(mini, "2024-02-08")
    assert before["fct_churn_events"].empty
    assert one(before["dim_households"])["is_active"]
    after = run(mini, "2024-02-09")
    spell = one(after["fct_churn_events"])
    assert spell["churned_at"] == day("2024-02-09")
    assert spell["left_at"] == day("2024-01-10")
    assert spell["churn_type"] == "dark"
    assert spell["was_paying_90d_before"] is False
    assert spell["mrr_lost"] == 0
    assert spell["plan_before"] == "Free"
    home = one(after["dim_households"])
    assert not home["is_active"]
    assert home["churned_at"] == day("2024-02-09")
    assert home["tenure_days"] == 39
    assert home["days_since_signup"] == 39


def test_day_of_signup_counts_as_active_for_churn():
    mini = Miniature()
    mini.household()
    assert run(mini, "2024-01-30")["fct_churn_events"].empty
    spell = one(run(mini, "2024-01-31")["fct_churn_events"])
    assert spell["churned_at"] == day("2024-01-31")
    assert spell["left_at"] == day("2024-01-01")


def test_closed_account_churns_that_day_and_events_do_not_bring_it_back():
    mini = Miniature()
    mini.prices()
    mini.household(closed_at="2024-01-20 08:00")
    mini.version("2024-01-05", "active")
    mini.event("2024-01-20 07:00")
    mini.event("2024-01-25 07:00")
    spell = one(run(mini, "2024-03-01")["fct_churn_events"])
    assert spell["churned_at"] == spell["left_at"] == day("2024-01-20")
    assert spell["churn_type"] == "closed"
    assert spell["was_paying_90d_before"] is True
    assert spell["mrr_lost"] == Decimal("10.00")
    assert spell["plan_before"] == "Premium"
    assert pd.isna(spell["reactivated_at"])


def test_closed_later_is_open_today():
    mini = Miniature()
    mini.household(closed_at="2024-01-20 08:00")
    result = run(mini, "2024-01-19")
    assert result["fct_churn_events"].empty
    assert one(result["dim_households"])["is_active"]


def test_closed_on_the_day_of_signup_was_never_a_customer():
    mini = Miniature()
    mini.household(closed_at="2024-01-01 10:00")
    result = run(mini, "2024-03-01")
    assert result["fct_churn_events"].empty
    home = one(result["dim_households"])
    assert not home["is_active"]
    assert home["churn_count"] == 0
    assert pd.isna(home["churned_at"])


def test_lapsed_when_payment_ends_after_activity():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-02", "active")
    mini.version("2024-04-02 10:00", "canceled", ended_at="2024-04-02 10:00")
    mini.event("2024-02-01 10:00")
    # silent since 1 February, but paid until 1 April: churned on the day it was not in force
    spell = one(run(mini, "2024-05-01")["fct_churn_events"])
    assert spell["churned_at"] == day("2024-04-02")
    assert spell["left_at"] == day("2024-04-02")
    assert spell["churn_type"] == "lapsed"
    assert spell["mrr_lost"] == Decimal("10.00")


@pytest.mark.parametrize(
    ("last_event", "churned", "kind", "left"),
    [
        # 30 days after the end of payment (2 April): lapsed; 31 days after it: dark
        ("2024-04-02 09:00", "2024-05-02", "lapsed", "2024-04-02"),
        ("2024-04-03 09:00", "2024-05-03", "dark", "2024-04-03"),
    ],
)
def test_lapsed_reaches_back_thirty_days(last_event, churned, kind, left):
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-02", "active")
    mini.version("2024-04-02 10:00", "canceled")
    mini.event(last_event)
    mini.event("2024-03-15 09:00")
    spell = one(run(mini, "2024-06-01")["fct_churn_events"])
    assert spell["churned_at"] == day(churned)
    assert spell["churn_type"] == kind
    assert spell["left_at"] == day(left)
    assert spell["was_paying_90d_before"] is True


def test_payment_that_returns_and_ends_again():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-02", "active")
    mini.version("2024-04-02 10:00", "canceled")
    mini.event("2024-03-25 09:00")
    mini.version("2024-04-20", "active")
    mini.version("2024-05-10", "canceled")
    mini.event("2024-05-20 09:00")
    spells = run(mini, "2024-07-31")["fct_churn_events"]
    # 25 March + 30 = 24 April, but in force again since 20 April; so it churns when that ends
    first, second = one(spells, churn_number=1), one(spells, churn_number=2)
    assert first["churned_at"] == first["left_at"] == day("2024-05-10")
    assert (first["churn_type"], first["reactivated_at"]) == ("lapsed", day("2024-05-20"))
    # back by activity alone on 20 May, silent after it; payment ended 40 days before 19 June
    assert second["churned_at"] == day("2024-06-19")
    assert (second["churn_type"], second["left_at"]) == ("dark", day("2024-05-20"))
    assert second["was_paying_90d_before"] is True


def test_reactivated_household_may_churn_again():
    mini = Miniature()
    mini.household()
    mini.event("2024-03-10 10:00")
    result = run(mini, "2024-06-01")
    spells = result["fct_churn_events"]
    first, second = one(spells, churn_number=1), one(spells, churn_number=2)
    assert first["churned_at"] == day("2024-01-31")
    assert first["reactivated_at"] == day("2024-03-10")
    assert second["churned_at"] == day("2024-04-09")
    assert second["left_at"] == day("2024-03-10")
    home = one(result["dim_households"])
    assert home["churn_count"] == 2
    assert home["churned_at"] == day("2024-04-09")
    assert home["reactivated_at"] == day("2024-03-10")

    back = one(run(mini, "2024-04-08")["dim_households"])
    assert back["is_active"]
    assert pd.isna(back["churned_at"])
    assert back["churn_count"] == 1
    assert back["tenure_days"] == 98


def test_trial_keeps_a_household_but_its_end_is_no_lapse():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-15", "trialing")
    mini.version("2024-02-14", "canceled")
    spell = one(run(mini, "2024-04-01")["fct_churn_events"])
    assert spell["churned_at"] == day("2024-02-14")
    assert spell["left_at"] == day("2024-01-01")
    assert spell["churn_type"] == "dark"
    assert spell["was_paying_90d_before"] is False


def test_paused_is_not_in_force_and_past_due_pays():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-15", "active")
    mini.version("2024-03-01", "past_due")
    assert one(run(mini, "2024-03-05")["dim_households"])["mrr"] == Decimal("10.00")
    mini.version("2024-03-10", "paused")
    spell = one(run(mini, "2024-04-01")["fct_churn_events"])
    assert spell["churned_at"] == day("2024-03-10")
    assert spell["churn_type"] == "lapsed"


def test_without_stripe_churn_goes_by_closing_and_activity():
    mini = Miniature(absent=("stripe.customer", "stripe.subscription_history"))
    mini.household()
    result = run(mini, "2024-03-01")
    spell = one(result["fct_churn_events"])
    assert spell["churn_type"] == "dark"
    assert spell["was_paying_90d_before"] is None
    home = one(result["dim_households"])
    assert home["plan_type"] is None
    assert home["mrr"] is None


def test_was_paying_looks_back_ninety_days():
    for silent_until, paying in (("2024-06-01", True), ("2024-06-02", False)):
        mini = Miniature()
        mini.prices()
        mini.household()
        mini.version("2024-01-02", "active")
        mini.version("2024-04-03", "canceled")  # last paying day: 2 April
        last = date.fromisoformat(silent_until)
        for back in range(0, 100, 10):
            mini.event(f"{last - timedelta(days=back)} 10:00")
        # 1 June + 30 = 1 July; 1 July − 90 = 2 April
        spell = one(run(mini, "2024-08-01")["fct_churn_events"])
        assert spell["churned_at"] == pd.Timestamp(last + timedelta(days=30))
        assert spell["was_paying_90d_before"] is paying


# ------------------------------------------------------------------------- plans and money


def test_annual_and_weekly_mrr_in_cents():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-02", "active", "p_year")
    mini.household("h2")
    mini.version("2024-01-02", "active", "p_week", home="h2")
    mini.household("h3")
    mini.version("2024-01-02", "active", "e_month", home="h3", quantity=4)
    homes = run(mini, "2024-01-10")["dim_households"]
    assert one(homes, household_id="h1")["mrr"] == Decimal("8.25")
    assert one(homes, household_id="h2")["mrr"] == Decimal("13.00")
    assert one(homes, household_id="h3")["mrr"] == Decimal("200.00")


def test_half_a_cent_rounds_away_from_zero_once_per_household():
    mini = Miniature()
    mini.prices()
    mini.household()
    for name in ("half_a", "half_b"):
        mini.add(
            "stripe.price",
            id=name,
            product_id="prod_p",
            currency="usd",
            unit_amount=6,
            recurring_interval="year",
            recurring_interval_count=1,
        )
    mini.version("2024-01-02", "active", "half_a", id="sub_a")
    assert one(run(mini, "2024-01-10")["dim_households"])["mrr"] == Decimal("0.01")
    mini.version("2024-01-02", "active", "half_b", id="sub_b")
    assert one(run(mini, "2024-01-10")["dim_households"])["mrr"] == Decimal("0.01")


def test_plan_changes_in_the_middle_of_a_month():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "trialing")
    mini.version("2024-01-19 12:00", "active")
    mini.version("2024-02-10 08:00", "active", "e_month", quantity=2)
    mini.version("2024-02-20 08:00", "active", "e_month", quantity=3)
    mini.version("2024-03-15", "active", "p_year")
    mini.version("2024-03-25", "active", "p_month")
    mini.version("2024-04-12", "canceled")
    changes = run(mini, "2024-05-31")["fct_subscription_changes"]
    got = [
        (row.changed_at.date().isoformat(), row.change_type, str(row.mrr_delta))
        for row in changes.itertuples()
    ]
    assert got == [
        ("2024-01-05", "trial_started", "0.00"),
        ("2024-01-19", "trial_converted", "10.00"),
        ("2024-02-10", "Premium_to_Enterprise", "90.00"),
        ("2024-02-20", "seats_added", "50.00"),
        ("2024-03-15", "Enterprise_to_Premium", "-141.75"),
        ("2024-03-25", "interval_changed", "1.75"),
        ("2024-04-12", "Premium_to_Free", "-10.00"),
    ]
    up = one(changes, change_type="Premium_to_Enterprise")
    assert up["upgrade_date"] == day("2024-02-10")
    assert pd.isna(up["downgrade_date"])
    down = one(changes, change_type="Premium_to_Free")
    assert down["downgrade_date"] == day("2024-04-12")


def test_trial_that_ends_unpaid_is_no_downgrade():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "trialing")
    mini.version("2024-01-19", "canceled")
    result = run(mini, "2024-01-25")
    assert result["fct_subscription_changes"]["change_type"].tolist() == [
        "trial_started",
        "trial_expired",
    ]
    assert result["fct_subscription_changes"]["downgrade_date"].isna().all()
    assert result["fct_mrr_movements"].empty


def test_two_versions_on_one_day_count_at_its_end():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05 08:00", "active")
    mini.version("2024-01-05 20:00", "canceled")
    result = run(mini, "2024-01-10")
    assert result["fct_subscription_changes"].empty
    assert one(result["dim_households"])["plan_type"] == "Free"


def test_version_from_tomorrow_is_not_known_today():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "active", _fivetran_end="2024-01-10 23:59:59.999")
    mini.version("2024-01-11", "canceled")
    result = run(mini, "2024-01-10")
    assert one(result["dim_households"])["plan_type"] == "Premium"
    counts = one(result["counts"], source="stripe", table="subscription_history")
    assert (counts["raw"], counts["staged"], counts["later"]) == (2, 1, 1)


def test_mrr_movements_with_a_return():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-20", "active")
    mini.version("2024-02-10", "active", quantity=3)
    mini.version("2024-03-10", "active", quantity=2)
    mini.version("2024-04-10", "canceled")
    mini.version("2024-06-10", "active", id="sub_again")
    moves = run(mini, "2024-06-15")["fct_mrr_movements"].set_index("month_start")
    names = ["mrr_opening", "new", "expansion", "contraction", "churned", "reactivation"]
    got = {
        month.strftime("%m"): [float(row[c]) for c in [*names, "mrr_closing"]]
        for month, row in moves.iterrows()
    }
    assert got == {
        "01": [0, 10, 0, 0, 0, 0, 10],
        "02": [10, 0, 20, 0, 0, 0, 30],
        "03": [30, 0, 0, 10, 0, 0, 20],
        "04": [20, 0, 0, 0, 20, 0, 0],
        "06": [0, 0, 0, 0, 0, 10, 10],
    }
    assert moves["is_complete"].tolist() == [True, True, True, True, False]


def test_paid_within_a_month_only_is_no_movement_but_no_newcomer_later():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "active")
    mini.version("2024-01-20", "canceled")
    mini.version("2024-03-05", "active", id="sub_again")
    moves = run(mini, "2024-03-31")["fct_mrr_movements"]
    row = one(moves)
    assert row["month_start"] == day("2024-03-01")
    assert (row["new"], row["reactivation"]) == (0, 10)
    assert row["is_complete"]


@pytest.mark.parametrize(
    ("versions", "as_of", "status"),
    [
        ([("2024-01-05", "active", False)], "2024-02-01", "current"),
        ([("2024-01-05", "active", True)], "2024-02-01", "cancelled"),
        ([("2024-01-05", "past_due", False)], "2024-02-01", "overdue"),
        ([("2024-01-05", "unpaid", True)], "2024-04-03", "failed"),
        ([("2024-01-05", "unpaid", True)], "2024-04-04", "cancelled"),
        (
            [("2024-01-05", "unpaid", False), ("2024-01-09", "canceled", False)],
            "2024-02-01",
            "failed",
        ),
        (
            [("2024-01-05 08:00", "incomplete", False), ("2024-01-05 09:00", "active", False)],
            "2024-02-01",
            "current",
        ),
        ([("2024-01-05", "canceled", False)], "2024-02-01", "cancelled"),
    ],
)
def test_payment_status(versions, as_of, status):
    mini = Miniature()
    mini.prices()
    mini.household()
    for start, state, leaving in versions:
        mini.version(start, state, cancel_at_period_end=leaving)
    assert one(run(mini, as_of)["dim_subscriptions"])["payment_status"] == status


def test_the_paying_subscription_has_priority_over_the_trial_of_a_higher_plan():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "active", id="sub_pay")
    mini.version("2024-02-05", "trialing", "e_month", id="sub_try")
    result = run(mini, "2024-02-10")
    assert one(result["dim_subscriptions"])["subscription_id"] == "sub_pay"
    home = one(result["dim_households"])
    assert home["plan_type"] == "Enterprise"
    assert home["mrr"] == Decimal("10.00")


def test_payments_net_of_succeeded_refunds():
    mini = Miniature()
    mini.household()
    for name, status in (("ch_1", "succeeded"), ("ch_2", "failed"), ("ch_3", "succeeded")):
        mini.add(
            "stripe.charge",
            id=name,
            customer_id="cus_h1",
            amount=1000,
            currency="USD",
            status=status,
            created="2024-02-01",
        )
    for amount, status, at in (
        (300, "succeeded", "2024-02-03"),
        (200, "failed", "2024-02-03"),
        (100, "succeeded", "2024-02-09"),
    ):
        mini.add(
            "stripe.refund",
            charge_id="ch_1",
            amount=amount,
            currency="usd",
            status=status,
            created=at,
        )
    rows = run(mini, "2024-02-05")["fct_payments"]
    assert one(rows, charge_id="ch_1")["net_amount"] == Decimal("7.00")
    assert one(rows, charge_id="ch_1")["amount_refunded"] == Decimal("3.00")
    assert one(rows, charge_id="ch_2")["net_amount"] == 0
    assert one(rows, charge_id="ch_2")["payment_failed"] is True
    assert one(rows, charge_id="ch_3")["net_amount"] == Decimal("10.00")


# --------------------------------------------------------------------- events and sessions


def test_session_runs_across_midnight_and_belongs_to_the_day_of_login():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-10 23:50:00")
    mini.event("2024-01-11 00:20:00")  # a gap of exactly 30 minutes goes on
    mini.event("2024-01-11 00:50:00.000001")  # one microsecond more does not
    result = run(mini, "2024-01-20")
    sessions = result["fct_user_sessions"]
    assert sessions["login_at"].tolist() == [
        day("2024-01-10 23:50"),
        day("2024-01-11 00:50:00.000001"),
    ]
    assert sessions["session_duration_minutes"].tolist() == [30.0, 0.0]
    assert sessions["event_count"].tolist() == [2, 1]
    daily = result["fct_household_daily"]
    first = one(daily, activity_date=day("2024-01-10"))
    second = one(daily, activity_date=day("2024-01-11"))
    assert (first["sessions"], first["session_minutes"], first["app_opens"]) == (1, 30.0, 1)
    assert (second["sessions"], second["session_minutes"], second["app_opens"]) == (1, 0.0, 2)


def test_on_the_day_of_leaving_one_is_no_member():
    mini = Miniature()
    mini.household(members=("u1",))
    mini.add(
        "app.household_members",
        household_id="h1",
        user_id="u2",
        joined_at="2024-01-05 18:00",
        left_at="2024-01-10 20:00",
    )
    for at in ("2024-01-04 10:00", "2024-01-05 09:00", "2024-01-09 10:00", "2024-01-10 10:00"):
        mini.event(at, "u2")
    mini.event("2024-01-09 11:00", "u1")
    result = run(mini, "2024-01-20")
    assert len(result["fct_events"]) == 5
    activity = result["fct_household_activity"]
    kept = activity[activity["user_id"] == "u2"]["activity_date"].tolist()
    assert kept == [day("2024-01-05"), day("2024-01-09")]
    assert activity["member_count"].tolist() == [2, 2, 2]
    assert one(result["fct_household_daily"], activity_date=day("2024-01-09"))["active_members"] == 2
    assert one(result["dim_households"])["member_count"] == 1
    # as seen from the 9th he has not left
    earlier = run(mini, "2024-01-09")
    assert one(earlier["dim_members"], user_id="u2")["is_current"]
    assert one(earlier["dim_households"])["member_count"] == 2


def test_event_of_a_former_member_keeps_no_household_alive():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-20 10:00", "stranger")
    assert one(run(mini, "2024-02-15")["fct_churn_events"])["churned_at"] == day("2024-01-31")


def test_clock_skew_duplicates_and_late_events():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-10 10:00", event_id="late", received_at="2024-01-15 10:00")
    mini.event("2024-01-10 12:00", event_id="skewed", received_at="2024-01-10 11:00")
    mini.event("2024-01-12 11:00", event_id="limit", received_at="2024-01-11 11:00")
    mini.event("2024-01-12 11:00:01", event_id="ahead", received_at="2024-01-11 11:00")
    mini.event("2024-01-13 10:00", event_id="twice", received_at="2024-01-13 10:05")
    mini.event("2024-01-13 10:01", event_id="twice", received_at="2024-01-13 10:04")
    mini.event("2024-01-14 10:00", event_id="unseen", received_at="2024-01-17 00:00")
    result = run(mini, "2024-01-16")
    rows = result["fct_events"].set_index("event_id")["event_at"].to_dict()
    assert rows == {
        "late": day("2024-01-10 10:00"),
        "skewed": day("2024-01-10 11:00"),
        "limit": day("2024-01-11 11:00"),
        "twice": day("2024-01-13 10:01"),
    }
    assert result["quarantine"][["row_key", "reason"]].values.tolist() == [
        ["ahead", "occurred_after_received"]
    ]
    counts = one(result["counts"], source="product", table="events")
    assert (counts["raw"], counts["staged"], counts["quarantined"]) == (7, 4, 1)
    assert (counts["duplicates"], counts["later"]) == (1, 1)


def test_as_of_date_is_the_day_before_the_latest_receipt():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-10 10:00")
    mini.event("2024-01-11 00:30")
    result = recompute(mini.raw())
    assert one(result["dim_households"])["days_since_signup"] == 9
    assert len(result["fct_events"]) == 1


def test_features_by_event_and_by_name():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-02 10:00", name="task_completion")
    mini.event("2024-01-02 10:01", name="task_completion")
    mini.event("2024-01-02 10:02", name="feature_used", feature_name="calendar_sync")
    mini.event("2024-01-02 10:03", name="feature_used", feature_name="premium_onboarding")
    mini.event("2024-01-05 10:03", name="feature_used", feature_name="calendar_sync")
    mini.event("2024-01-31 10:03", name="feature_used", feature_name="custom_templates")
    result = run(mini, "2024-02-05")
    day_one = one(result["fct_household_daily"], activity_date=day("2024-01-02"))
    assert day_one["features_used"] == 2
    assert day_one["tasks_completed"] == 2
    uses = result["fct_feature_usage"]
    assert len(uses) == 6
    sync = uses[uses["feature_name"] == "calendar_sync"]
    assert set(sync["first_used_at"]) == {day("2024-01-02 10:02")}
    assert set(sync["last_used_at"]) == {day("2024-01-05 10:03")}
    # day 0 is 1 January, so 31 January is day 30
    assert one(result["dim_households"])["premium_features_adopted_first_30d"] == 1
    young = one(run(mini, "2024-01-29")["dim_households"])
    assert young["premium_features_adopted_first_30d"] is None


def test_care_tasks_count_on_their_due_day():
    mini = Miniature()
    mini.household()
    mini.event("2024-01-10 10:00")
    created = "2024-01-05 10:00"
    due = "2024-01-10 18:00"
    for category, done, deleted in (
        ("feeding", "2024-01-10 18:00", None),  # on time to the second
        ("feeding", "2024-01-10 18:00:01", None),  # late
        ("vet_visit", None, None),  # never done
        ("grooming", None, "2024-01-10 23:00"),  # deleted by the end of the day
        ("grooming", None, "2024-01-11 01:00"),  # deleted the day after
        ("other", "2024-01-10 12:00", None),
    ):
        mini.add(
            "app.tasks",
            household_id="h1",
            category=category,
            created_at=created,
            due_at=due,
            completed_at=done,
            deleted_at=deleted,
        )
    mini.add(
        "app.tasks",
        household_id="h1",
        category="feeding",
        created_at=created,
        due_at="2024-01-11 10:00",
    )
    row = one(run(mini, "2024-01-20")["fct_household_daily"])
    assert (row["care_tasks_due"], row["care_tasks_on_time"]) == (4, 1)


def test_first_week_counts_the_end_of_day_seven():
    mini = Miniature()
    mini.prices()
    mini.household()
    for added, removed in (
        ("2024-01-02", None),
        ("2024-01-08 23:00", None),  # day 7
        ("2024-01-09", None),  # day 8
        ("2024-01-02", "2024-01-08 12:00"),  # removed on day 7
        ("2024-01-02", "2024-01-09 12:00"),
    ):
        mini.add("app.pets", household_id="h1", added_at=added, removed_at=removed)
    mini.version("2024-01-08 20:00", "trialing")
    home = one(run(mini, "2024-01-31")["dim_households"])
    assert home["initial_pets_count"] == 3
    assert home["active_pet_count"] == 3
    assert home["initial_plan_type"] == "Premium"
    assert home["initial_members_count"] == 1
    young = one(run(mini, "2024-01-07")["dim_households"])
    assert young["initial_pets_count"] is None


def test_latest_setting_holds():
    mini = Miniature()
    mini.household()
    for enabled, at in ((True, "2024-01-05"), (False, "2024-01-10"), (True, "2024-01-15")):
        mini.add(
            "app.feature_settings",
            household_id="h1",
            feature_name="reminders",
            is_enabled=enabled,
            changed_at=at,
        )
    assert one(run(mini, "2024-01-12")["dim_households"])["reminders_enabled"] is False
    assert one(run(mini, "2024-01-15")["dim_households"])["reminders_enabled"] is True
    assert one(run(mini, "2024-01-15")["dim_households"])["calendar_sync_enabled"] is False


def test_assignment_of_tomorrow_is_hidden_but_not_the_company():
    mini = Miniature()
    mini.household()
    mini.add("hubspot.owner", id="o1", full_name="Ada")
    mini.add("hubspot.company", household_id="h1", owner_id="o1", assigned_at="2024-01-15")
    before, after = run(mini, "2024-01-14"), run(mini, "2024-01-15")
    assert one(before["dim_households"])["csm_owner_id"] is None
    assert one(before["counts"], table="company")["staged"] == 1
    assert one(after["dim_households"])["csm_owner_id"] == "o1"
    assert one(after["dim_csms"])["current_portfolio"] == 1


# --------------------------------------------------------------------------------- tickets


def test_reopened_ticket():
    mini = Miniature()
    mini.household()
    ticket = mini.ticket("2024-01-10 10:00", tags="bug urgency_high impact_low")
    mini.comment(ticket, "2024-01-10 10:30", "z_user")
    mini.comment(ticket, "2024-01-10 11:00", public=False)
    mini.comment(ticket, "2024-01-10 12:00")
    for at, status in (
        ("2024-01-10 10:00", "new"),
        ("2024-01-10 14:00", "solved"),
        ("2024-01-11 09:00", "open"),
        ("2024-01-12 08:00", "solved"),
        ("2024-01-14 08:00", "closed"),
    ):
        mini.history(ticket, at, status)
    row = one(run(mini, "2024-01-20")["fct_support_tickets"])
    assert row["status"] == "closed"
    assert row["resolved_at"] == day("2024-01-12 08:00")
    assert row["resolution_hours"] == 46
    assert row["reopen_count"] == 1
    assert row["is_one_touch"] is False
    assert row["first_response_at"] == day("2024-01-10 12:00")
    assert (row["priority"], row["severity"]) == ("P2", "Medium")
    assert (row["response_sla_hours"], row["resolution_sla_hours"]) == (4, 24)
    assert row["response_sla_met"] is True
    assert row["resolution_sla_met"] is False
    # on the 11th it was open again; on the 10th it was solved in one touch
    reopened = one(run(mini, "2024-01-11")["fct_support_tickets"])
    assert reopened["status"] == "open"
    assert pd.isna(reopened["resolved_at"])
    assert reopened["is_one_touch"] is None
    solved = one(run(mini, "2024-01-10")["fct_support_tickets"])
    assert solved["resolved_at"] == day("2024-01-10 14:00")
    assert solved["is_one_touch"] is True
    assert solved["resolution_sla_met"] is True
    assert solved["resolution_hours"] == 4


def test_sla_is_open_until_due_and_missed_after():
    mini = Miniature()
    mini.household()
    mini.ticket("2024-01-10 10:00", tags="urgency_low impact_low")  # P4: 48 and 120 hours
    early = one(run(mini, "2024-01-11")["fct_support_tickets"])
    assert early["priority"] == "P4"
    assert early["response_sla_met"] is None
    late = one(run(mini, "2024-01-12")["fct_support_tickets"])
    assert late["response_sla_met"] is False
    assert late["resolution_sla_met"] is None
    assert one(run(mini, "2024-01-15")["fct_support_tickets"])["resolution_sla_met"] is False


def test_tags_priority_and_their_fallback():
    mini = Miniature()
    mini.household()
    changed = mini.ticket("2024-01-10 10:00", tags="urgency_low impact_high")
    mini.history(changed, "2024-01-12 10:00", "urgency_low urgency_high impact_high", "tags")
    plain = mini.ticket("2024-01-10 11:00")
    for tag in ("how_to", "urgency_medium", "issue_sync", "competitor_acme", "escalated"):
        mini.add("zendesk.ticket_tag", ticket_id=plain, tag=tag)
    mini.add("zendesk.ticket_tag", ticket_id=changed, tag="escalated")
    early = run(mini, "2024-01-11")["fct_support_tickets"]
    assert one(early, ticket_id=changed)["priority"] == "P2"
    rows = run(mini, "2024-01-12")["fct_support_tickets"]
    assert one(rows, ticket_id=changed)["priority"] == "P0"
    assert not one(rows, ticket_id=changed)["is_escalated"]
    row = one(rows, ticket_id=plain)
    assert (row["priority"], row["is_priority_assumed"]) == ("P3", True)
    assert (row["category"], row["issue_key"]) == ("how_to", "sync")
    assert row["competitor_mentioned"] == "acme"
    assert row["is_escalated"]


def test_ticket_household_by_organization_else_by_requester():
    mini = Miniature()
    mini.household("h1")
    mini.household("h2", members=("u2",))
    mini.ticket("2024-01-10", home="h1")
    mini.add("zendesk.organization", id="org_h2", external_id="h2")
    mini.add("zendesk.user", id="z2", role="end-user", external_id="u2", organization_id="org_h2")
    own = mini.ticket("2024-01-11", organization_id=None, requester_id="z2")
    mini.ticket("2024-01-12", organization_id=None, requester_id="nobody")
    result = run(mini, "2024-01-20")
    row = one(result["fct_support_tickets"], ticket_id=own)
    assert (row["household_id"], row["requester_user_id"]) == ("h2", "u2")
    assert result["quarantine"]["reason"].tolist() == ["unknown_household"]


def test_surveys():
    mini = Miniature()
    mini.household()
    ticket = mini.ticket("2024-01-10")
    for name, at in (("i1", "2024-01-12"), ("i2", "2024-01-12")):
        mini.add(
            "survey.invitation",
            id=name,
            survey_type="NPS",
            household_id="h1",
            trigger="quarterly",
            sent_at=at,
        )
    for kind, score, at, more in (
        ("NPS", 9, "2024-01-14", {"invitation_id": "i1"}),
        ("NPS", 7, "2024-01-15", {}),
        ("NPS", 6, "2024-01-16", {}),
        ("NPS", None, "2024-01-17", {}),
        ("NPS", 11, "2024-01-17", {}),
        ("NPS", 7.5, "2024-01-17", {}),
        ("CSAT", 0, "2024-01-17", {"ticket_id": ticket}),
        ("CSAT", 2, "2024-01-17", {"ticket_id": ticket}),
        ("CSAT", 5, "2024-01-18", {"ticket_id": ticket}),
        ("CSAT", 1, "2024-01-22", {"ticket_id": ticket}),
        ("Exit", 99, "2024-01-18", {}),
    ):
        mini.add(
            "survey.response",
            survey_type=kind,
            household_id="h1",
            score=score,
            responded_at=at,
            **more,
        )
    result = run(mini, "2024-01-20")
    assert result["fct_nps_surveys"]["nps_category"].tolist() == [
        "Promoter",
        "Passive",
        "Detractor",
        None,
    ]
    assert one(result["fct_nps_surveys"], nps_score=9)["trigger"] == "quarterly"
    assert result["fct_csat_responses"]["csat_score"].tolist() == [2, 5]
    assert one(result["fct_support_tickets"])["csat_score"] == 5
    assert result["quarantine"]["reason"].tolist() == ["score_out_of_scale"] * 3
    sent = result["fct_survey_invitations"]
    assert one(sent, invitation_id="i1")["is_responded"] is True
    assert one(sent, invitation_id="i2")["is_responded"] is False
    assert not run(mini, "2024-01-13")["fct_survey_invitations"]["is_responded"].any()


# ------------------------------------------------------------------------------ quarantine


def test_reasons_and_their_order():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.household("gone", closed_at="2023-12-01")  # ends before it starts
    add = mini.add
    pet = {"household_id": "h1", "added_at": "2024-01-02"}
    add("app.pets", **pet | {"id": "p1", "added_at": "2024-13-45", "household_id": "nobody"})
    add("app.pets", **pet | {"id": "p2", "added_at": None})
    add("app.pets", **pet | {"id": None, "household_id": "nobody"})
    add("app.pets", **pet | {"id": "p3", "_fivetran_synced": "2024-01-02"})
    add("app.pets", **pet | {"id": "p3", "_fivetran_synced": "2024-01-03", "name": "kept"})
    add("app.pets", **pet | {"id": "p4", "household_id": "gone"})
    add("app.pets", **pet | {"id": "p5", "removed_at": "2024-01-01"})
    add("app.pets", **pet | {"id": "p6", "removed_at": "never"})
    add("app.pets", **pet | {"id": "p7", "added_at": "2024-02-01", "household_id": "nobody"})
    charge = {"customer_id": "cus_h1", "created": "2024-01-05", "amount": 1, "currency": "usd"}
    add("stripe.charge", **charge | {"status": "succeeded", "amount": -1})
    add("stripe.charge", **charge | {"status": "lost", "amount": -1})
    add("stripe.charge", **charge | {"status": "lost", "currency": "eur"})
    add("stripe.charge", **charge | {"status": None})
    add("stripe.charge", **charge | {"id": "eur", "status": "failed", "currency": "eur"})
    add("stripe.price", id="eu", product_id="prod_p", currency="eur", unit_amount=5)
    mini.version("2024-01-05", "active", "eu")
    add("stripe.charge", **charge | {"status": "failed", "customer_id": "cus_gone"})
    result = run(mini, "2024-01-20")
    found = result["quarantine"].groupby(["table", "reason"]).size().to_dict()
    assert found == {
        ("households", "end_before_start"): 1,
        ("household_members", "unknown_household"): 1,
        ("customer", "unknown_household"): 1,
        ("pets", "bad_timestamp"): 3,
        ("pets", "null_key"): 1,
        ("pets", "unknown_household"): 1,
        ("pets", "end_before_start"): 1,
        ("charge", "negative_amount"): 2,
        ("charge", "unknown_status"): 2,
        ("charge", "unknown_household"): 1,
    }
    pets = one(result["counts"], table="pets")
    assert (pets["raw"], pets["staged"], pets["quarantined"], pets["later"]) == (9, 1, 6, 1)
    assert pets["superseded"] == 1
    counts = result["counts"]
    classes = ["staged", "quarantined", "duplicates", "later", "superseded", "deleted", "not_live"]
    total = counts[classes].sum(axis=1)
    assert (counts["raw"] == total).all()


def test_rows_without_a_date_are_later_with_what_they_belong_to():
    mini = Miniature()
    mini.household()
    mini.household("soon", signup="2024-02-01", members=("u9",))
    ticket = mini.ticket("2024-02-02", home="soon")
    mini.add("zendesk.ticket_tag", ticket_id=ticket, tag="bug")
    mini.add("hubspot.company", household_id="soon")
    mini.add("hubspot.company", household_id="nobody")
    result = run(mini, "2024-01-20")
    for table in ("organization", "ticket_tag", "ticket"):
        counts = one(result["counts"], table=table)
        assert (counts["raw"], counts["later"]) == (1, 1)
    company = one(result["counts"], table="company")
    assert (company["later"], company["quarantined"]) == (1, 1)


def test_text_is_kept_as_it_is():
    mini = Miniature()
    text = "=1+1 {{ ref('x') }} <b>\"q\"</b>\n🐶 \u202eabc"
    mini.household()
    mini.rows["app", "households"][0]["name"] = text
    assert one(run(mini, "2024-01-20")["dim_households"])["household_name"] == text


def test_far_future_version_ends_parse():
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "active", _fivetran_end="9999-12-31 23:59:59.999")
    result = run(mini, "2024-01-20")
    assert result["quarantine"].empty
    assert one(result["dim_households"])["plan_type"] == "Premium"


def test_loads_parquet_and_csv_alike(tmp_path):
    mini = Miniature()
    mini.prices()
    mini.household()
    mini.version("2024-01-05", "active")
    mini.event("2024-01-10 10:00")
    for kind in ("parquet", "csv"):
        for (source, name), frame in mini.raw().items():
            folder = tmp_path / kind / source
            folder.mkdir(parents=True, exist_ok=True)
            if source == "hubspot":
                continue
            if kind == "csv":
                frame.to_csv(folder / f"{name}.csv", index=False)
            else:
                frame.astype("string").to_parquet(folder / f"{name}.parquet")
    first = load_raw(tmp_path / "parquet")
    assert ("hubspot", "company") in first.absent
    one_way = recompute(first, "2024-01-20")
    other = recompute(load_raw(tmp_path / "csv"), "2024-01-20")
    direct = run(mini, "2024-01-20")
    assert one(direct["dim_households"])["mrr"] == Decimal("10.00")
    for result in (one_way, other):
        for table in ("dim_households", "dim_subscriptions", "fct_events", "fct_churn_events"):
            keys = {"fct_events": ["event_id"]}.get(table, ["household_id"])
            assert compare(table, direct[table], result[table], keys) == []


def test_ids_that_are_numbers_stay_whole(tmp_path):
    folder = tmp_path / "zendesk"
    folder.mkdir()
    pd.DataFrame(
        {
            "id": pd.array([10**15 + 1, 10**15 + 3], dtype="Int64"),
            "email": ["a", "b"],
            "external_id": ["u1", None],
            "organization_id": pd.array([10**15 + 7, None], dtype="Int64"),
            "role": ["agent", "end-user"],
        }
    ).to_parquet(folder / "user.parquet")
    frame = load_raw(tmp_path)["zendesk", "user"]
    assert frame["organization_id"].tolist() == ["1000000000000007", None]


# -------------------------------------------------------------------------------- compare


def test_compare_finds_what_differs():
    ours = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "x": [1.0, None, 3.0],
            "m": [Decimal("1.00"), Decimal("2.00"), None],
            "t": pd.to_datetime(["2024-01-01", None, "2024-01-03"]),
        }
    )
    same = ours.assign(
        x=[1.0 + 1e-12, None, 3.0],
        m=[Decimal("1.0000"), Decimal("2.0000"), None],
        t=[date(2024, 1, 1), None, date(2024, 1, 3)],
    )
    assert compare("t", ours, same, ["id"]) == []
    other = same.assign(x=[1.1, 2.0, 3.0], m=[Decimal("1.01"), Decimal("2.00"), None])
    other.loc[2, "id"] = "d"
    found = compare("t", ours, other, ["id"])
    assert len(found) == 4
    assert "1 rows missing in theirs: c" in found[0]
    assert "1 rows missing in ours: d" in found[1]
    assert "t.x: 2 of 2 rows differ: a: ours 1.0, theirs 1.1" in found[2]
    assert "t.m: 1 of 2" in found[3]
    assert "repeated keys in theirs" in compare("t", ours, pd.concat([same, same]), ["id"])[0]
    assert "columns missing in theirs: m" in compare("t", ours, same.drop(columns="m"), ["id"])[0]


# ------------------------------------------------------------------------------ warehouse


def lively() -> Miniature:
    """A few households with some of everything."""
    mini = Miniature()
    mini.prices()
    for number, home in enumerate(("h1", "h2", "h3")):
        mini.household(home, members=(f"{home}_a", f"{home}_b"))
        for step in range(1, 60, 3 + 7 * number):
            at = pd.Timestamp("2024-01-01 10:00") + pd.Timedelta(days=step)
            name = ("app_open", "task_completion", "photo_upload")[step % 3]
            mini.event(str(at), f"{home}_a", name, home)
            mini.event(str(at + pd.Timedelta(minutes=20, seconds=7)), f"{home}_b", home=home)
    mini.version("2024-01-03", "trialing")
    mini.version("2024-01-17", "active")
    mini.version("2024-02-10", "active", "e_month", quantity=3)
    mini.version("2024-04-20", "canceled", "e_month")
    ticket = mini.ticket("2024-02-10 10:00", tags="bug urgency_high impact_high competitor_acme")
    mini.comment(ticket, "2024-02-10 10:20")
    mini.history(ticket, "2024-02-10 12:00", "solved")
    mini.ticket("2024-06-30 21:30", home="h2")
    mini.add("app.pets", household_id="nobody", added_at="2024-01-02")
    mini.add(
        "stripe.charge",
        customer_id="cus_h1",
        amount=1999,
        currency="usd",
        status="succeeded",
        created="2024-02-10",
    )
    return mini


def test_compare_all_with_a_warehouse_file(tmp_path):
    ours = run(lively(), "2024-06-30")
    path = tmp_path / "copy.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema analytics")
        for name, frame in ours.items():
            if name == "counts":
                continue
            copy = (
                frame.assign(session_id=lambda f: "s" + f["session_id"])
                if ("session_id" in frame.columns)
                else frame
            )
            if name == "quarantine":
                name, copy = "quarantine_app", copy[copy["source"] == "app"]
            for column in copy.select_dtypes(object).columns:  # typed, however empty
                if copy[column].isna().all():
                    copy = copy.assign(**{column: copy[column].astype("string")})
            connection.register("frame", copy)
            connection.execute(f"create table analytics.{name} as select * from frame")
    results = compare_all(ours, path)
    assert [d for result in results for d in result.differences] == []
    assert all(r.theirs == r.ours for r in results)

    with duckdb.connect(str(path)) as connection:
        connection.execute("update analytics.fct_churn_events set left_at = left_at + interval 1 day")
        connection.execute("delete from analytics.fct_events where household_id = 'h3'")
        connection.execute("update analytics.quarantine_app set reason = 'null_key'")
    found = {r.table: r.differences for r in compare_all(ours, path) if r.differences}
    assert set(found) == {"fct_churn_events", "fct_events", "quarantine"}


def test_a_later_build_has_the_same_past():
    mini = lively()
    last = run(mini, "2024-06-30")
    for as_of in pd.date_range("2024-01-20", "2024-06-25", freq="13D"):
        then = run(mini, as_of)
        now = last["fct_churn_events"]
        now = now[now["churned_at"] <= as_of]
        old = then["fct_churn_events"]
        columns = ["household_id", "churn_number", "churned_at", "left_at", "churn_type"]
        assert old[columns].values.tolist() == now[columns].values.tolist()
        assert (old["reactivated_at"].dropna() <= as_of).all()
        days = last["fct_household_daily"]
        days = days[days["activity_date"] <= as_of]
        assert (
            compare(
                "fct_household_daily",
                then["fct_household_daily"],
                days,
                ["household_id", "activity_date"],
            )
            == []
        )
