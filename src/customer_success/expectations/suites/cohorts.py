"""Cohorts: each member is in exactly one, by the month of joining."""

from ..check import Check, Suite

SUITE = Suite(
    "cohorts",
    (
        Check(
            "each_member_is_in_one_cohort",
            "analytics.dim_members",
            "agree",
            "Each membership belongs to exactly one month of joining, and all of them are there",
            "memberships counted in staging.stg_app__household_members",
            "cohorts/each_member_is_in_one_cohort",
        ),
        Check(
            "cohorts_of_members_are_complete",
            "analytics.dim_members",
            "agree",
            "Month by month as many memberships as the app has",
            "months of joined_at in staging.stg_app__household_members",
            "cohorts/cohorts_of_members_are_complete",
        ),
        Check(
            "cohorts_of_households_are_complete",
            "analytics.dim_households",
            "agree",
            "Month by month as many households as signed up in the app",
            "months of created_at in staging.stg_app__households",
            "cohorts/cohorts_of_households_are_complete",
        ),
        Check(
            "dates_are_aligned",
            "analytics.dim_members",
            "agree",
            "Joining, leaving and signup are on the day on which they are in the app, in this order",
            "dates of staging.stg_app__household_members and stg_app__households",
            "cohorts/dates_are_aligned",
        ),
    ),
)
