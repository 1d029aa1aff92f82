"""Rows about the past do not change as time goes on.

For each table: which rows of the earlier build are past, and which of their columns may change, and
why. Late events may change rows dated on or after the earliest day on which one occurred.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import pytest
from harness import DAY_ONE, Sandbox, relations

NO_HISTORY = "a field without history at the source shows its present value"
LATER = "known only later: the build before could not have seen it"


@dataclass(frozen=True)
class Past:
    """Rows that must not change. In `rows`, {end} is the end of the earlier as_of_date, {late} the
    earliest day that events received since have touched."""

    rows: str
    but: dict[str, str] = field(default_factory=dict)


PAST = {
    "dim_dates": Past(
        # The earlier as_of_date was a score date, though no Sunday.
        "date_day < {day}"
    ),
    "dim_features": Past("true"),
    "dim_members": Past("joined_at < {end}", {"left_at": LATER, "is_current": LATER, "role": NO_HISTORY}),
    "dim_households": Past(
        "created_at < {end} - interval 45 day and signup_date + 30 < {late}",
        dict.fromkeys(["is_active", "churned_at", "reactivated_at", "churn_count", "tenure_days"], LATER)
        | dict.fromkeys(["plan_type", "payment_status", "mrr", "next_billing_date"], LATER)
        | dict.fromkeys(["member_count", "active_pet_count", "photos_uploaded_count"], LATER)
        | dict.fromkeys(["recurring_tasks_enabled", "reminders_enabled", "calendar_sync_enabled"], LATER)
        | dict.fromkeys(["notifications_enabled", "days_since_signup"], LATER)
        | dict.fromkeys(["health_score", "health_segment", "churn_probability"], LATER)
        | dict.fromkeys(["avg_health_score_first_90d"], LATER)
        | dict.fromkeys(["region", "household_name", "owner_name", "csm_owner_id"], NO_HISTORY),
    ),
    "fct_events": Past("received_at < {end}"),
    "fct_household_activity": Past(
        "activity_date < {late} and cast(logout_at as date) < {late}",
    ),
    "fct_household_daily": Past("activity_date < {late} - 1"),
    "fct_user_sessions": Past("cast(logout_at as date) < {late}"),
    "fct_feature_usage": Past("used_at < {late}", {"first_used_at": "late events", "last_used_at": LATER}),
    "fct_nps_surveys": Past("responded_at < {end}"),
    "fct_csat_responses": Past("responded_at < {end}"),
    "fct_survey_invitations": Past("sent_at < {end}", {"responded_at": LATER, "is_responded": LATER}),
    "fct_payments": Past(
        "charged_at < {end}", dict.fromkeys(["amount_refunded", "net_amount"], "later refunds")
    ),
    "fct_subscription_changes": Past("changed_at < {end}"),
    "fct_mrr_movements": Past("month_start + interval 1 month <= {end}"),
    "fct_churn_events": Past(
        # A late event on a silent day would have kept the household.
        "churned_at < {late}",
        {"reactivated_at": LATER},
    ),
    "fct_customer_health": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_health_scores": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "customer_health_scores": Past(
        "score_date < {late} and dayofweek(score_date) = 0", {"calculated_at": "the end of as_of_date"}
    ),
    "fct_retention_health": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_health_alerts": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_trend_alerts": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_churn_risk": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_churn_signals": Past("score_date < {late} and dayofweek(score_date) = 0"),
    "fct_message_sentiment": Past("created_at < {end}"),
    "fct_sentiment_alerts": Past("detected_on < {end}"),
    "dim_health_rules": Past("true"),
    "dim_metrics": Past("true"),
    "fct_metric_values": Past(
        # Day 30 after joining must be over, too.
        "period_end + 30 < {late} and period_grain <> 'trailing_90'",
        {"as_of_date": "tells of the build", "data_through": "tells of the build"}
        | dict.fromkeys(["invocation_id", "git_commit"], "tells of the build"),
    ),
    "dim_lifecycle_stages": Past("true"),
    "fct_journey_stages": Past("left_on < {late}"),
    "fct_lifecycle_stages": Past("left_on < {late}"),
    "fct_onboarding": Past(
        "completed_on < {late}",
        dict.fromkeys(["last_step_on", "days_since_last_step", "is_current"], LATER)
        | dict.fromkeys(["milestones_due", "milestones_late"], LATER),
    ),
    "fct_onboarding_steps": Past("completed_on < {late}"),
    "fct_customer_engagement": Past(
        # The months that are shown move on with the date.
        "month_start + interval 1 month <= {late} and month_start > {day} - interval 12 month"
    ),
    "fct_comment_themes": Past("created_at < {end}"),
    "fct_escalations": Past(
        "closed_on < {late} and subject_kind <> 'issue_key'",
        dict.fromkeys(["is_loss", "priority"], "a loss within 60 days is known later"),
    ),
    "fct_feedback_loops": Past("followed_up_at < {end}", {"owner_id": NO_HISTORY}),
    "fct_survey_decisions": Past(
        # A survey may be sent for a week.
        "due_on + 8 < {late} and due_on > {day} - interval 380 day",
        {"user_id": NO_HISTORY},
    ),
    "expansion_opportunities": Past(
        "status_at < {late}",
        {"owner_id": NO_HISTORY}
        | dict.fromkeys(["probability", "probability_n"], "measured anew")
        | dict.fromkeys(["probability_ci_low", "probability_ci_high"], "measured anew"),
    ),
    "fct_referrals": Past(
        "created_at < {end}",
        dict.fromkeys(["signed_up_at", "converted_at", "status", "reward_due_at"], LATER)
        | dict.fromkeys(["is_self_referral", "needs_review"], "members who join later are people too"),
    ),
    "fct_rewards_due": Past("due_at < {end}", {"status": LATER}),
    "fct_review_requests": Past("submitted_at < {end}"),
    "fct_support_tickets": Past(
        "resolved_at < {end} - interval 30 day and reopen_count = 0",
        {
            "status": "solved becomes closed",
            "csat_score": LATER,
            "issue_key": NO_HISTORY,
            "category": NO_HISTORY,
        },
    ),
}
# A table has no past rows of its own, or changes as a whole with its date.
NO_PAST = {
    "fct_metric_restatements": "what was published, which nothing is here",
    "fct_claim_verdicts": "claims count back from the date of the build",
    "fct_communication_decay": "present customers",
    "fct_churn_severity": "present customers",
    "fct_validation_results": "tells of the build",
    "fct_health_drivers": "present scores",
    "fct_health_findings": "present findings",
    "fct_customer_profiles": "present customers",
    "fct_csm_assignments": "present customers and owners",
    "fct_renewals": "none of the small company is settled by then; unit tests have each status",
    "fct_growth_candidates": "present customers",
    "dim_advocates": "present points",
    "rpt_micro_segments": "present customers",
    "rpt_premium_adoption_risk": "present customers",
    "rpt_health_backtest": "outcomes become known",
    "rpt_health_backtest_bands": "outcomes become known",
    "dim_subscriptions": "the present subscription of each household",
    "dim_csms": "present portfolios; owners have no history",
    "dim_members_pii": "names and e-mails have no history",
    "publication": "tells of the build",
    "publication_files": "tells of the build",
}


def _late_day(sandbox: Sandbox) -> str:
    """The earliest day on which something occurred that was received after DAY_ONE."""
    return sandbox.value(
        f"select min(event_date) from analytics.fct_events where received_at >= date '{DAY_ONE}' + 1"
    ).isoformat()


def _changes(earlier: Sandbox, later: Sandbox, table: str) -> list[str]:
    """Past rows of the earlier build that the later one lacks or has more often."""
    past = PAST[table]
    rows = past.rows.format(
        day=f"date '{DAY_ONE}'",
        end=f"(date '{DAY_ONE}' + 1)",
        late=f"date '{_late_day(later)}'",
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{earlier.database}' as l (read_only)")
        connection.execute(f"attach '{later.database}' as r (read_only)")
        known = relations(connection, "l", "analytics")[table]
        columns = ", ".join(f'"{c}"' for c in known if c not in past.but)
        sides = [f'select {columns} from {s}.analytics."{table}" where {rows}' for s in "lr"]
        assert connection.sql(f"select count(*) from ({sides[0]})").fetchone()[0] > 0
        found = []
        for one, other, name in ((*sides, "earlier"), (*reversed(sides), "later")):
            alone = connection.sql(f"({one}) except all ({other})").to_arrow_table()
            if alone.num_rows:
                found.append(f"{table}: {alone.num_rows} only {name}: {alone.slice(0, 2).to_pylist()}")
    return found


@pytest.fixture(scope="module", autouse=True)
def begun(builds):
    builds.ahead("day_one", "warehouse")


@pytest.mark.parametrize("table", PAST)
def test_past_rows_do_not_change(builds, table):
    """Eight days later."""
    assert _changes(builds["day_one"], builds["warehouse"], table) == []


def test_every_mart_with_a_date_is_checked(warehouse):
    """A new mart of this schema needs an entry above, in one of the two lists."""
    with warehouse.connection() as connection:
        tables = set(relations(connection, "working", "analytics"))
    core = {t for t in tables if t.startswith(("dim_", "fct_"))}
    missing = core - PAST.keys() - NO_PAST.keys() - BUILD_TABLES.keys()
    assert not missing, f"say of each what of it is past: {sorted(missing)}"


BUILD_TABLES = {
    "fct_source_reconciliation": "counts of the present build",
}


@pytest.mark.parametrize("table", ["fct_household_daily", "fct_payments"])
def test_the_present_does_change(builds, table):
    """The comparison can fail: with the days since, the same tables differ."""
    counts = [
        builds[name].value(f"select count(*) from analytics.{table}") for name in ("day_one", "warehouse")
    ]
    assert counts[0] < counts[1]
