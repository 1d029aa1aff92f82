"""The analyses run on a built warehouse and agree with pandas on the same marts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from harness import REPOSITORY

ANALYSES = sorted(path.stem for path in (REPOSITORY / "analyses").glob("*.sql"))

COLUMNS = {
    "churn_by_ticket_bucket": "snapshot_date ticket_bucket customers tickets churned churn_rate "
    "mean_csat csat_answers",
    "downgrade_outcomes": "quarter_start downgrades downgraders_left downgrades_known "
    "downgrades_unknown downgraders_left_rate",
    "feature_adoption": "plan_group feature_name tier customers users_30d adoption_rate",
    "feature_adoption_cohorts": "signup_month households observed_30d unknown_30d adopted_30d "
    "adoption_30d_rate observed_60d unknown_60d adopted_60d adoption_60d_rate observed_90d "
    "unknown_90d adopted_90d adoption_90d_rate",
    "health_dashboard": "health_segment plan_type customers plan_customers customers_rate "
    "mean_health_score health_score_unknown mean_churn_probability churn_probability_unknown mrr "
    "mrr_unknown",
    "nps_last_90_days": "plan_group n unknown_count promoters passives detractors sample_status "
    "nps ci_low ci_high",
    "premium_feature_gap": "feature_name downgraders downgraders_using downgraders_using_rate "
    "downgraders_uses_per_month stayers stayers_using stayers_using_rate stayers_uses_per_month "
    "gap",
    "ticket_report": "week_start category priority tickets households first_response_hours "
    "responded first_response_unknown resolution_hours resolved resolution_unknown "
    "response_sla_met response_sla_due response_sla_met_rate resolution_sla_met "
    "resolution_sla_due resolution_sla_unknown sla_met_rate",
    "top_issues": "issue main_category tickets tickets_before households unresolved reopened "
    "escalated resolution_hours mean_csat csat_answers all_tickets tickets_rate tickets_change "
    "mrr_affected",
    "upsell_candidates": "household_id plan_type csm_owner_id days_since_signup health_segment "
    "recurring_tasks recurring_tasks_ratio photos_uploaded_count photos_ratio member_count "
    "members_ratio largest_limit_ratio limit_hits_30d limit_most_hit last_limit_hit_at",
    "upsell_funnel": "step_number step households in_funnel in_funnel_before signed_up "
    "households_rate step_rate funnel_rate",
}
# (rate, numerator, denominator): each rate is shown with its parts.
RATES = {
    "churn_by_ticket_bucket": [("churn_rate", "churned", "customers")],
    "downgrade_outcomes": [("downgraders_left_rate", "downgraders_left", "downgrades_known")],
    "feature_adoption": [("adoption_rate", "users_30d", "customers")],
    "feature_adoption_cohorts": [
        (f"adoption_{days}d_rate", f"adopted_{days}d", f"observed_{days}d") for days in (30, 60, 90)
    ],
    "health_dashboard": [("customers_rate", "customers", "plan_customers")],
    "ticket_report": [
        ("sla_met_rate", "resolution_sla_met", "resolution_sla_due"),
        ("response_sla_met_rate", "response_sla_met", "response_sla_due"),
    ],
    "top_issues": [("tickets_rate", "tickets", "all_tickets")],
    "upsell_funnel": [
        ("households_rate", "households", "signed_up"),
        ("step_rate", "in_funnel", "in_funnel_before"),
        ("funnel_rate", "in_funnel", "signed_up"),
    ],
}


class Answers:
    """The built warehouse, copied, with the compiled analyses and the tables they read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, compiled: Path):
        self.connection, self.compiled = connection, compiled
        self._frames: dict[str, pd.DataFrame] = {}
        self.as_of = pd.Timestamp(connection.sql("select as_of_date from build.parameters").fetchone()[0])

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The result of an analysis."""
        if name not in self._frames:
            sql = (self.compiled / f"{name}.sql").read_text(encoding="utf-8")
            self._frames[name] = self.connection.sql(sql).df()
        return self._frames[name]

    def mart(self, name: str, columns: str = "*", schema: str = "analytics") -> pd.DataFrame:
        """Some columns of a table as they are; days are timestamps at midnight."""
        return self.connection.sql(f"select {columns} from {schema}.{name}").df()

    def days_ago(self, moments: pd.Series) -> pd.Series:
        """How many days before as_of_date the day of each moment lies."""
        return (self.as_of - pd.to_datetime(moments).dt.normalize()).dt.days


@pytest.fixture(scope="module")
def answers(warehouse, tmp_path_factory):
    """All analyses compiled against a copy of the warehouse."""
    copy = warehouse.copy(tmp_path_factory.mktemp("analyses") / "copy")
    copy.dbt("compile", "--select", "path:analyses").must_succeed()
    with copy.connection() as connection:
        yield Answers(connection, copy.folder / "target/compiled/customer_success/analyses")


def customers_of(answers: Answers) -> pd.DataFrame:
    households = answers.mart("dim_households")
    return households[households["is_active"]]


def test_every_analysis_is_described_here():
    assert sorted(COLUMNS) == ANALYSES


@pytest.mark.parametrize("name", ANALYSES)
def test_runs_with_the_expected_columns(answers, name):
    frame = answers[name]
    assert set(frame.columns) == set(COLUMNS[name].split())
    changes = answers.mart("fct_subscription_changes")
    downgrades = changes[changes["change_type"] == "Premium_to_Free"]
    if name == "premium_feature_gap":
        downgrades = downgrades[answers.days_ago(downgrades["changed_at"]) >= 60]
    needs = downgrades if name in ("premium_feature_gap", "downgrade_outcomes") else changes
    assert len(frame) > 0 or needs.empty


@pytest.mark.parametrize("name", sorted(RATES))
def test_rates_are_numerator_by_denominator_and_unknown_without_one(answers, name):
    frame = answers[name]
    for rate, numerator, denominator in RATES[name]:
        above, below = frame[numerator].astype(float), frame[denominator].astype(float)
        expected = above / below.where(below != 0)
        pd.testing.assert_series_equal(frame[rate].astype(float), expected, check_names=False)
        assert frame[rate].dropna().between(0, 1).all()


def test_ticket_report(answers):
    report = answers["ticket_report"]
    tickets = answers.mart("fct_support_tickets")
    day = tickets["created_at"].dt.normalize()
    tickets["week_start"] = day - pd.to_timedelta(day.dt.weekday, unit="D")
    ends = tickets["week_start"] + pd.Timedelta(days=6)
    age = (answers.as_of - ends).dt.days
    tickets = tickets[(age >= 0) & (age < 84)]
    assert report["tickets"].sum() == len(tickets)
    by_week = tickets.groupby("week_start").size()
    assert report.groupby("week_start")["tickets"].sum().to_dict() == by_week.to_dict()
    promised = answers.mart("ticket_slas", schema="rules").set_index("priority")
    hours = tickets["priority"].map(promised["resolution_sla_hours"])
    due_at = tickets["created_at"] + pd.to_timedelta(hours, unit="h")
    due = due_at < answers.as_of + pd.Timedelta(days=1)
    in_time = tickets["resolved_at"] <= due_at
    assert report["resolution_sla_due"].sum() == due.sum()
    assert report["resolution_sla_met"].sum() == (due & in_time).sum()
    assert report["resolution_unknown"].sum() == tickets["resolved_at"].isna().sum()
    solved = tickets["resolved_at"] - tickets["created_at"]
    weighted = (report["resolution_hours"] * report["resolved"]).sum()
    assert weighted == pytest.approx(solved.dt.total_seconds().sum() / 3600)


def test_churn_by_ticket_bucket_counts_households(answers):
    result = answers["churn_by_ticket_bucket"].set_index("ticket_bucket")
    latest = answers.as_of - timedelta(days=90)
    snapshot = latest - timedelta(days=(latest.weekday() + 1) % 7)
    assert (result["snapshot_date"] == snapshot).all()
    churn = answers.mart("fct_churn_events")
    tickets = answers.mart("fct_support_tickets", "household_id, created_at")
    ago = (snapshot - tickets["created_at"].dt.normalize()).dt.days
    counts = tickets[ago.between(0, 89)].groupby("household_id").size()
    expected: dict[str, list[int]] = {}
    for row in answers.mart("dim_households").itertuples():
        spells = churn[churn["household_id"] == row.household_id]
        gone = (spells["churned_at"] <= snapshot) & ~(spells["reactivated_at"] <= snapshot)
        never = not row.is_active and pd.isna(row.churned_at)
        if never or row.signup_date > snapshot or gone.any():
            continue
        number = counts.get(row.household_id, 0)
        bucket = "0" if number == 0 else "1-2" if number < 3 else "3-5" if number < 6 else "6+"
        after = (spells["churned_at"] - snapshot).dt.days
        cell = expected.setdefault(bucket, [0, 0])
        cell[0] += 1
        cell[1] += int(after.between(1, 90).any())
    got = {bucket: [int(r["customers"]), int(r["churned"])] for bucket, r in result.iterrows()}
    assert got == expected
    assert "0" in got


def test_health_dashboard_shows_unknown_as_unknown(answers):
    board = answers["health_dashboard"]
    customers = customers_of(answers)
    assert board["customers"].sum() == len(customers)
    unknown = board[board["health_segment"] == "unknown"]
    assert unknown["customers"].sum() == customers["health_segment"].isna().sum()
    assert unknown["mean_health_score"].isna().all()
    assert board["health_score_unknown"].sum() == customers["health_score"].isna().sum()
    assert float(board["mrr"].sum()) == pytest.approx(float(customers["mrr"].sum()))


def test_feature_adoption_is_the_metric(answers):
    result = answers["feature_adoption"]
    row = result[(result["plan_group"] == "all") & (result["tier"] == "adoption")].iloc[0]
    tiers = answers.mart("dim_features").set_index("feature_name")["tier"]
    uses = answers.mart("fct_feature_usage", "household_id, feature_name, used_at")
    uses = uses[answers.days_ago(uses["used_at"]).between(0, 29)]
    uses = uses[uses["feature_name"].map(tiers).isin(["advanced", "premium"])]
    features = uses.groupby("household_id")["feature_name"].nunique()
    customers = customers_of(answers)["household_id"]
    assert row["customers"] == len(customers)
    assert row["users_30d"] == (customers.map(features).fillna(0) >= 3).sum()


def test_a_feature_that_is_never_recorded_is_unknown(answers):
    result = answers["feature_adoption"].set_index("feature_name")
    recorded = set(answers.mart("fct_feature_usage", "distinct feature_name")["feature_name"])
    for feature in answers.mart("dim_features")["feature_name"]:
        assert result.loc[[feature], "users_30d"].notna().all() == (feature in recorded)


def test_cohorts_hold_each_household_once(answers):
    cohorts = answers["feature_adoption_cohorts"]
    households = answers.mart("dim_households")
    assert cohorts["households"].sum() == len(households)
    for days in (30, 60, 90):
        whole = answers.days_ago(households["signup_date"]) + 1 >= days
        assert cohorts[f"observed_{days}d"].sum() == whole.sum()
        assert cohorts[f"unknown_{days}d"].sum() == (~whole).sum()
    assert (cohorts["adopted_30d"] <= cohorts["observed_30d"]).all()


def test_nps_takes_the_last_answer_and_holds_back_small_samples(answers):
    result = answers["nps_last_90_days"].set_index("plan_group")
    responses = answers.mart("fct_nps_surveys")
    responses = responses[answers.days_ago(responses["survey_date"]).between(0, 89)]
    scored = responses.dropna(subset=["nps_score"]).sort_values(["responded_at", "response_id"])
    last = scored.groupby("household_id")["nps_score"].last()
    row = result.loc["all"]
    assert row["n"] == len(last)
    assert row["unknown_count"] == responses["household_id"].nunique() - len(last)
    if len(last) >= 30:
        expected = 100 * ((last >= 9).mean() - (last <= 6).mean())
        assert row["nps"] == pytest.approx(expected)
        assert row["ci_low"] < row["ci_high"]
    enough = result["n"] >= 30
    assert result.loc[~enough, ["nps", "ci_low", "ci_high"]].isna().all(axis=None)
    assert (result["sample_status"] == enough.map({True: "sufficient", False: "insufficient"})).all()


def test_top_issues(answers):
    result = answers["top_issues"].set_index("issue")
    tickets = answers.mart("fct_support_tickets")
    ago = answers.days_ago(tickets["created_at"])
    recent = tickets[ago.between(0, 89)]
    counts = recent["issue_key"].fillna("none named").value_counts()
    assert result["tickets"].to_dict() == counts.to_dict()
    households = recent.assign(issue=recent["issue_key"].fillna("none named"))
    households = households.groupby("issue")["household_id"].nunique()
    assert result["households"].to_dict() == households.to_dict()


def test_premium_gap_counts_paying_downgrades(answers):
    changes = answers.mart("fct_subscription_changes")
    mine = changes[changes["change_type"] == "Premium_to_Free"]
    whole = mine[answers.days_ago(mine["changed_at"]) >= 60]
    result = answers["premium_feature_gap"]
    assert (result["downgraders"] == len(whole)).all()
    uses = answers.mart("fct_feature_usage", "household_id, feature_name, used_at")
    for row in result.itertuples():
        used = whole.merge(uses[uses["feature_name"] == row.feature_name], on="household_id")
        before = (used["changed_at"] - used["used_at"].dt.normalize()).dt.days
        used = used[before.between(1, 60)]
        assert row.downgraders_using == len(used[["household_id", "changed_at"]].drop_duplicates())
    outcomes = answers["downgrade_outcomes"]
    assert outcomes["downgrades"].sum() == len(mine)
    known = answers.days_ago(mine["changed_at"]) >= 90
    assert outcomes["downgrades_known"].sum() == known.sum()


def test_upsell_candidates_are_near_a_limit_or_hit_one(answers):
    result = answers["upsell_candidates"]
    plans = answers.mart("plans", schema="rules").set_index("plan_type")
    limits = plans.dropna(subset=["max_photos"])
    customers = customers_of(answers)
    limited = customers[customers["plan_type"].isin(limits.index)]
    assert set(result["household_id"]) <= set(limited["household_id"])
    assert result["household_id"].is_unique
    photos = limited["photos_uploaded_count"] / limited["plan_type"].map(limits["max_photos"])
    members = limited["member_count"] / limited["plan_type"].map(limits["max_members"])
    near = limited[(photos >= 0.8) | (members >= 0.8)]
    assert set(near["household_id"]) <= set(result["household_id"])
    hits = answers.mart("fct_household_activity", "household_id, event_type, activity_date")
    hits = hits[(hits["event_type"] == "limit_hit") & hits["household_id"].isin(limited["household_id"])]
    hits = hits[answers.days_ago(hits["activity_date"]).between(0, 29)]
    assert result["limit_hits_30d"].sum() == len(hits)


def test_upsell_funnel(answers):
    funnel = answers["upsell_funnel"].set_index("step_number")
    households = answers.mart("dim_households", "household_id, signup_date")
    signups = households[answers.days_ago(households["signup_date"]) >= 89]
    signups = signups.set_index("household_id")["signup_date"]
    daily = answers.mart("fct_household_daily", "household_id, activity_date as day")
    hits = answers.mart("fct_household_activity", "household_id, event_type, activity_date as day")
    changes = answers.mart("fct_subscription_changes", "household_id, change_type, changed_at as day")
    steps = [
        (daily, 7),
        (hits[hits["event_type"] == "limit_hit"], 90),
        (changes[changes["change_type"] == "trial_started"], 90),
    ]
    through = set(signups.index)
    assert funnel.loc[1, "households"] == len(through)
    for number, (frame, days) in enumerate(steps, start=2):
        first = frame.groupby("household_id")["day"].min().reindex(signups.index)
        took = set(signups.index[(first - signups).dt.days < days])
        through &= took
        assert funnel.loc[number, "households"] == len(took)
        assert funnel.loc[number, "in_funnel"] == len(through)
    assert funnel["in_funnel"].is_monotonic_decreasing
