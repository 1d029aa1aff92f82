"""Recompute the core marts from the raw files alone."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from . import activity, billing, billing_tables, churn, desk, households, surveys
from .billing import Timeline
from .loading import Raw, load_raw
from .rules import Rules
from .sifting import Staged
from .staging import default_as_of, quarantine_frame, stage
from .values import day_number

__all__ = ["KEYS", "Raw", "Rules", "load_raw", "recompute"]

KEYS: dict[str, list[str]] = {
    "dim_households": ["household_id"],
    "dim_members": ["member_id"],
    "dim_subscriptions": ["household_id"],
    "dim_csms": ["owner_id"],
    "fct_events": ["event_id"],
    "fct_household_activity": ["event_id"],
    "fct_household_daily": ["household_id", "activity_date"],
    "fct_user_sessions": ["household_id", "user_id", "login_at"],
    "fct_feature_usage": ["event_id"],
    "fct_support_tickets": ["ticket_id"],
    "fct_nps_surveys": ["response_id"],
    "fct_csat_responses": ["response_id"],
    "fct_survey_invitations": ["invitation_id"],
    "fct_payments": ["charge_id"],
    "fct_subscription_changes": ["household_id", "changed_at"],
    "fct_churn_events": ["household_id", "churn_number"],
    "fct_mrr_movements": ["household_id", "month_start"],
}


def recompute(
    raw: Raw, as_of_date: date | datetime | str | None = None, rules: Rules | None = None
) -> dict[str, pd.DataFrame]:
    """Compute every core mart, `quarantine` and `counts` as known at the end of as_of_date."""
    rules = rules or Rules.read()
    as_of = default_as_of(raw) if as_of_date is None else day_number(pd.Timestamp(as_of_date))
    staged = stage(raw, as_of, rules)
    return core_marts(staged, billing.timelines(staged)) | {
        "unlinked": billing_tables.unlinked(raw, as_of, rules),
        "quarantine": quarantine_frame(staged),
        "counts": pd.DataFrame(staged.counts),
    }


def core_marts(
    staged: Staged, lines: dict[str, Timeline], spells: dict[str, list[churn.Spell]] | None = None
) -> dict[str, pd.DataFrame]:
    """Compute every core mart from classified rows; ``spells`` of churn may be known already."""
    people = activity.members(staged)
    all_events = activity.events(staged)
    member = activity.member_events(all_events, people)
    member, sessions = activity.with_sessions(member, staged)
    daily = activity.household_daily(member, sessions, staged)
    uses = activity.feature_usage(member)

    payments = billing_tables.payments(staged)
    subscriptions = billing_tables.subscriptions(staged, lines, payments)
    spells = churn.all_spells(staged, daily, lines) if spells is None else spells
    homes = households.dim_households(staged, people, member, uses, lines, spells, subscriptions)
    return {
        "dim_households": homes,
        "dim_members": people,
        "dim_subscriptions": subscriptions,
        "dim_csms": households.dim_csms(staged, homes),
        "fct_events": all_events.assign(feature_name=all_events["delivered_feature_name"]),
        "fct_household_activity": activity.household_activity(member, sessions, people),
        "fct_household_daily": daily,
        "fct_user_sessions": sessions.reset_index(drop=True),
        "fct_feature_usage": uses,
        "fct_support_tickets": desk.tickets(staged),
        "fct_nps_surveys": surveys.nps_surveys(staged),
        "fct_csat_responses": surveys.csat_responses(staged),
        "fct_survey_invitations": surveys.survey_invitations(staged),
        "fct_payments": payments,
        "fct_subscription_changes": billing_tables.subscription_changes(staged, lines),
        "fct_churn_events": churn.churn_events(staged, spells),
        "fct_mrr_movements": billing_tables.mrr_movements(staged, lines),
    }
