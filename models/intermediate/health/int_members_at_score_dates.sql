with customers as (
    select household_id, score_date, member_count
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_score_date() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_score_date() }} and days_before < 60
),

member_days as (
    select
        household_id,
        user_id,
        activity_date,
        tasks_completed,
        events,
        peak_hour_events,
        pet_known_from,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, user_id order by activity_date
        ) - activity_date as days_to_next
    from {{ ref('int_member_days') }}
    where activity_date > {{ first_score_date() }} - 60
),

-- Of a member's days in a window only the last is followed by no other in it: so people are counted once.
by_member as (
    select
        member_days.household_id,
        member_days.user_id,
        windows.score_date,
        count(*) filter (where days_before < 7 and days_before < days_to_next) as is_active_7,
        count(*) filter (where days_before < 30 and days_before < days_to_next) as is_active_30,
        count(*) filter (where days_before >= 30 and days_before - 30 < days_to_next) as is_active_prev_30,
        coalesce(sum(tasks_completed) filter (where days_before < 30), 0) as tasks_30,
        coalesce(sum(events) filter (where days_before < 30 and dayofweek(member_days.activity_date) in (0, 6)), 0)
            as weekend_events_30,
        coalesce(sum(peak_hour_events) filter (where days_before < 30), 0) as peak_hour_events_30,
        count(*) filter (where days_before < 7 and pet_known_from <= windows.score_date) as pet_days_7
    from member_days
    inner join windows on member_days.activity_date = windows.activity_date
    group by member_days.household_id, member_days.user_id, windows.score_date
),

spells as (
    select household_id, user_id, member_from, member_until from {{ ref('int_member_spells') }}
),

-- Collaboration is about those who are members at the date; tasks of others are left out.
tasks_of_members as (
    select by_member.household_id, by_member.score_date, by_member.tasks_30 as tasks
    from by_member
    inner join spells
        on
            by_member.household_id = spells.household_id
            and by_member.user_id = spells.user_id
            and by_member.score_date >= spells.member_from
            and by_member.score_date < {{ open_end('spells.member_until') }}
    where by_member.tasks_30 > 0
),

-- Shannon's entropy of shares n/N is ln N - sum(n ln n) / N. Decimals add up to the same sum in any order.
entropies as (
    select
        household_id,
        score_date,
        ln(sum(tasks)) - cast(sum(cast(tasks * ln(tasks) as decimal(28, 12))) as double) / sum(tasks) as entropy
    from tasks_of_members
    group by household_id, score_date
),

counted as (
    select
        household_id,
        score_date,
        cast(sum(is_active_7) as bigint) as active_members_7,
        cast(sum(is_active_30) as bigint) as active_members_30,
        cast(sum(is_active_prev_30) as bigint) as active_members_prev_30,
        cast(sum(weekend_events_30) as bigint) as weekend_events_30,
        cast(sum(peak_hour_events_30) as bigint) as peak_hour_events_30,
        cast(sum(pet_days_7) > 0 as integer) as pet_active_7
    from by_member
    group by household_id, score_date
)

{%- set counts = [
    'active_members_7', 'active_members_30', 'active_members_prev_30', 'weekend_events_30', 'peak_hour_events_30'
] %}

select
    customers.household_id,
    customers.score_date,
    {%- for column in counts %}
    {{ count_or_unknown('counted.' ~ column, 'product', 'events') }} as {{ column }},
    {%- endfor %}
    {% if source_is_present('app', 'pets') -%}
    {{ count_or_unknown('counted.pet_active_7', 'product', 'events') }}
    {%- else -%}
    cast(null as integer)
    {%- endif %} as pet_active_7,
    case when customers.member_count >= 2 then round(100 * entropies.entropy / ln(customers.member_count), 9) end
        as collaboration
from customers
left join counted on customers.household_id = counted.household_id and customers.score_date = counted.score_date
left join entropies on customers.household_id = entropies.household_id and customers.score_date = entropies.score_date
