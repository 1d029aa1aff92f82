"""Core marts of the households that are drawn: recounted from their raw rows (``households.core``).

Columns that ``repeated`` compares for all households are left out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pandas as pd

from customer_success.recount.drawn import Drawn
from customer_success.recount.households.billing_tables import unlinked
from customer_success.recount.households.core import core_marts
from customer_success.recount.households.facts import World
from customer_success.recount.households.sifting import Staged

from .held import Held

NO_ROWS = "select * from analytics.{} where false"
UNKNOWN = {"unlinked_customers": None, "unlinked_mrr": None}
# Mart: its key, and its columns as SQL over the recount's table.
COLUMNS = {
    "dim_households": (
        "household_id",
        "household_id, signup_date, is_active, churned_at, reactivated_at, churn_count, plan_type,"
        " payment_status, mrr, next_billing_date, member_count, active_pet_count, recurring_tasks_enabled,"
        " reminders_enabled, calendar_sync_enabled, notifications_enabled, photos_uploaded_count,"
        " days_since_signup, tenure_days, initial_plan_type, initial_pets_count, initial_members_count,"
        " premium_features_adopted_first_30d",
    ),
    "dim_subscriptions": (
        "household_id",
        "household_id, subscription_id, plan_type, payment_status, status, in_force as is_in_force, quantity,"
        " mrr, mrr_list, mrr_unknown_reason, is_backfilled, items_are_present_state, billing_interval,"
        " billing_interval_count, started_at, ended_at, cancel_at, cancel_at_period_end,"
        " current_period_end, payment_date, payment_failed",
    ),
    "fct_household_activity": (
        "event_id",
        "event_id, household_id, user_id, member_count, activity_date, event_at, event_type, feature_name,"
        " pet_id, session_login_at as login_at, session_logout_at as logout_at, session_duration_minutes,"
        " min(if(event_at = session_login_at, event_id, null)) over (partition by session_id) as session_id",
    ),
    "fct_household_daily": (
        "household_id, activity_date",
        "household_id, activity_date, lag(activity_date) over (partition by household_id order by"
        " activity_date) as previous_activity_date, active_members, events, sessions, app_opens,"
        " tasks_completed, care_tasks_due, care_tasks_on_time, features_used, photos_uploaded,"
        " session_events, session_minutes",
    ),
    "fct_user_sessions": (
        "household_id, user_id, login_at",
        "household_id, user_id, login_at, logout_at, login_at::date as login_date, session_duration_minutes,"
        " event_count, features_used_count, (select min(event_id) from recounted_fct_household_activity as"
        " events where events.session_id = sessions.session_id and event_at = login_at) as session_id",
    ),
    "fct_feature_usage": (
        "event_id",
        "event_id, household_id, user_id, feature_name, feature_name in (select feature_name from"
        " rules.features) as is_in_catalogue, used_at, used_at::date as used_date, first_used_at,"
        " last_used_at",
    ),
    "fct_support_tickets": (
        "ticket_id",
        "ticket_id, requester_user_id, issue_key, category, (select level from rules.ticket_levels"
        " where lower(level) = urgency) as urgency, (select level from rules.ticket_levels"
        " where lower(level) = impact) as impact, priority,"
        " is_priority_assumed, is_merged, is_agent_opened, severity, status, first_response_at, resolved_at,"
        " reopen_count, public_agent_comments, is_one_touch, first_response_hours, resolution_hours,"
        " response_sla_hours, resolution_sla_hours, response_sla_met, resolution_sla_met, csat_score,"
        " is_escalated, competitor_mentioned",
    ),
    "fct_subscription_changes": (
        "household_id, changed_at",
        "household_id, changed_at, change_type, from_plan, to_plan, mrr_before, mrr_after, mrr_delta,"
        " upgrade_date, downgrade_date",
    ),
    "fct_churn_events": (
        "household_id, churn_number",
        "household_id, churn_number, left_at, churned_at, churn_type, was_paying_90d_before, mrr_lost,"
        " plan_before, reactivated_at",
    ),
    "fct_mrr_movements": (
        "household_id, month_start",
        'household_id, month_start, mrr_opening, "new", expansion, contraction, churned, reactivation,'
        " mrr_closing, is_complete",
    ),
}


def of_homes(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Iterator[Held]:
    """Recount the core marts of the drawn households; registers a relation per mart in the connection."""
    world = found.world
    connection.register(
        "drawn_homes", pd.DataFrame({"household_id": pd.Series(sorted(world.homes), dtype="string")})
    )
    yield _unlinked(connection, found)
    if not world.homes:  # a company without households: nothing is drawn, and the marts have no row
        yield from (
            Held(mart, tuple(key.split(", ")), NO_ROWS.format(mart)) for mart, (key, _) in COLUMNS.items()
        )
        return
    staged = _of(found.staged, world)
    spells = {name: home.spells for name, home in world.homes.items()}
    lines = {name: world.lines[name] for name in world.homes}
    tables = core_marts(staged, lines, spells)
    for mart, (key, columns) in COLUMNS.items():
        connection.register(f"recounted_{mart}", tables[mart])
        yield Held(
            mart,
            tuple(key.split(", ")),
            f"select {columns} from recounted_{mart} as {mart.rpartition('_')[2]}",
            where="household_id in (select household_id from drawn_homes)",
        )


def _unlinked(connection: duckdb.DuckDBPyConnection, found: Drawn) -> Held:
    """Recount the customers who pay and lead to no household: raw rows of billing are read whole."""
    staged, key = found.staged, "source, entity, measure"
    counted = unlinked(staged.raw, staged.as_of, staged.rules)
    is_known = staged.has("stripe.subscription_history")
    connection.register("recounted_unlinked", counted if is_known else counted.assign(**UNKNOWN))
    return Held(
        "fct_source_reconciliation",
        tuple(key.split(", ")),
        "select 'stripe' as source, 'customer' as entity, 'rows' as measure, unlinked_customers, unlinked_mrr"
        " from recounted_unlinked",
        where=f"({key}) = ('stripe', 'customer', 'rows')"
        " or coalesce(unlinked_customers, unlinked_mrr) is not null",
    )


def _of(staged: Staged, world: World) -> Staged:
    """Keep the rows of the households of a world."""
    tables = {}
    for name, rows in staged.tables.items():
        column = "id" if name == ("app", "households") else "household_id"
        tables[name] = rows[rows[column].isin(world.homes)] if column in rows else rows
        tables[name] = tables[name].reset_index(drop=True)
    return replace(staged, tables=tables)
