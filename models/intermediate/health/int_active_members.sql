{{ config(materialized='table') }}

with customers as (
    select household_id, score_date from {{ ref('int_household_score_dates') }} where is_current
),

members as (
    select customers.household_id, customers.score_date, spells.user_id
    from customers
    inner join {{ ref('int_member_spells') }} as spells
        on
            customers.household_id = spells.household_id
            and customers.score_date >= spells.member_from
            and customers.score_date < {{ open_end('spells.member_until') }}
),

-- Excludes members who have left since.
active as (
    select members.household_id, count(distinct members.user_id) as active_members
    from members
    inner join {{ ref('int_member_days') }} as days
        on members.household_id = days.household_id and members.user_id = days.user_id
    where days.activity_date > members.score_date - 30 and days.activity_date <= members.score_date
    group by members.household_id
)

select
    customers.household_id,
    {{ activity_or_unknown('active.active_members') }} as active_members
from customers
left join active on customers.household_id = active.household_id
