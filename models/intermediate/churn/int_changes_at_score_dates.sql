{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'scored', 'households': 'int_household_score_dates'}
) }}

with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

plan_changes as (
    select
        household_id,
        changed_at as activity_date,
        cast(downgrade_date is not null as integer) as downgrades,
        0 as requests,
        0 as pets_added,
        0 as members_joined
    from {{ ref('fct_subscription_changes') }}
),

changes as (
    select * from plan_changes
    union all
    select household_id, activity_date, 0, cancellation_requests, 0, 0
    from {{ ref('int_member_days') }}
    where cancellation_requests > 0
    union all
    select household_id, added_date, 0, 0, 1, 0 from {{ ref('stg_app__pets') }}
    union all
    select household_id, joined_date, 0, 0, 0, 1 from {{ ref('stg_app__household_members') }}
),

summed as (
    select
        changes.household_id,
        windows.score_date,
        cast(sum(downgrades) filter (where windows.days_before < 60) as bigint) as downgrades_60,
        cast(sum(downgrades) as bigint) as downgrades_90,
        cast(sum(requests) filter (where windows.days_before < 30) as bigint) as requests_30,
        cast(sum(pets_added) filter (where windows.days_before < 60) as bigint) as pets_added_60,
        cast(sum(members_joined) filter (where windows.days_before < 60) as bigint) as members_joined_60
    from changes
    inner join windows on changes.activity_date = windows.activity_date
    group by changes.household_id, windows.score_date
)

select
    customers.household_id,
    customers.score_date,
    {%- for column, source_name, table_name in [
        ('downgrades_60', 'stripe', 'subscription_history'),
        ('downgrades_90', 'stripe', 'subscription_history'),
        ('pets_added_60', 'app', 'pets')
    ] %}
    {{ count_or_unknown('summed.' ~ column, source_name, table_name) }} as {{ column }},
    {%- endfor %}
    {{ activity_or_unknown('summed.requests_30') }} as requests_30,
    {{ count_or_unknown('summed.members_joined_60', 'app', 'household_members') }} as members_joined_60
from customers
left join summed on customers.household_id = summed.household_id and customers.score_date = summed.score_date
order by score_date
