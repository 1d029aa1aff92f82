{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'logs': {'days': ['member_from', 'member_until'], 'columns': ['household_id', 'user_id', 'member_from', 'member_until']}},
    post_hook="{{ log_touched_days() }}"
) }}

with memberships as (
    select household_id, user_id, joined_date, left_date
    from {{ ref('stg_app__household_members') }}
    -- A person who leaves on the day of joining is not a member at the end of any day.
    where left_date is null or left_date > joined_date
),

ordered as (
    select
        *,
        max(coalesce(left_date, date '9999-12-31')) over (
            partition by household_id, user_id
            order by joined_date, left_date nulls last
            rows between unbounded preceding and 1 preceding
        ) as member_until_before
    from memberships
),

numbered as (
    select
        *,
        sum(case when joined_date <= member_until_before then 0 else 1 end) over (
            partition by household_id, user_id
            order by joined_date, left_date nulls last
            rows between unbounded preceding and current row
        ) as spell_number
    from ordered
)

select
    household_id,
    user_id,
    -- One integer per member and household: sorting events by it is faster than by two text columns.
    dense_rank() over (order by household_id, user_id) as member_number,
    min(joined_date) as member_from,
    nullif(max(coalesce(left_date, date '9999-12-31')), date '9999-12-31') as member_until
from numbered
group by household_id, user_id, spell_number
