"""Cohorts: each member in exactly one, by the month of joining, and nobody left out."""

from ..check import Check, Suite

MEMBERS = """
with here as (
    select date_trunc('month', joined_at) as month, count(distinct member_id) as members from analytics.dim_members
    group by 1
),
there as (
    select date_trunc('month', joined_at) as month, count(*) as members from staging.stg_app__household_members
    group by 1
)
select coalesce(strftime(coalesce(here.month, there.month), '%Y-%m'), 'no month') as item, here.members as observed, there.members as expected
from here full join there on here.month is not distinct from there.month
"""

HOUSEHOLDS = """
with here as (
    select date_trunc('month', signup_date) as month, count(distinct household_id) as households
    from analytics.dim_households group by 1
),
there as (
    select date_trunc('month', created_at) as month, count(*) as households from staging.stg_app__households group by 1
)
select coalesce(strftime(coalesce(here.month, there.month), '%Y-%m'), 'no month') as item,
    here.households as observed, there.households as expected
from here full join there on here.month is not distinct from there.month
"""

ONE_COHORT = """
with cohorts as (
    select member_id, count(distinct date_trunc('month', joined_at)) as months from analytics.dim_members
    group by member_id
)
select 'members in exactly one cohort' as item, count(*) filter (where months = 1) as observed,
    (select count(*) from staging.stg_app__household_members) as expected
from cohorts
"""

DATES = """
select 'joined on another day than in the app' as item, 0 as expected,
    count(*) filter (where here.joined_at is distinct from there.joined_at) as observed
from analytics.dim_members as here inner join staging.stg_app__household_members as there using (member_id)
union all
select 'left on another day than in the app', 0, count(*) filter (where here.left_at is distinct from there.left_at)
from analytics.dim_members as here inner join staging.stg_app__household_members as there using (member_id)
union all
select 'signed up on another day than in the app', 0,
    count(*) filter (where here.signup_date is distinct from cast(there.created_at as date))
from analytics.dim_households as here inner join staging.stg_app__households as there using (household_id)
union all
select 'left before joining', 0, count(*) filter (where left_at < joined_at) from analytics.dim_members
"""

SUITE = Suite(
    "cohorts",
    (
        Check(
            "each_member_is_in_one_cohort",
            "analytics.dim_members",
            "agree",
            "Each membership belongs to exactly one month of joining, and all of them are there",
            "memberships counted in staging.stg_app__household_members",
            ONE_COHORT,
        ),
        Check(
            "cohorts_of_members_are_complete",
            "analytics.dim_members",
            "agree",
            "Month by month as many memberships as the app has",
            "months of joined_at in staging.stg_app__household_members",
            MEMBERS,
        ),
        Check(
            "cohorts_of_households_are_complete",
            "analytics.dim_households",
            "agree",
            "Month by month as many households as signed up in the app",
            "months of created_at in staging.stg_app__households",
            HOUSEHOLDS,
        ),
        Check(
            "dates_are_aligned",
            "analytics.dim_members",
            "agree",
            "Joining, leaving and signup are on the day on which they are in the app, in this order",
            "dates of staging.stg_app__household_members and stg_app__households",
            DATES,
        ),
    ),
)
