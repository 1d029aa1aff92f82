with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 60
),

member_days as (
    select
        household_id,
        activity_date,
        events,
        peak_hour_events,
        pet_known_from,
        lead(activity_date, 1, date '9999-12-31') over (
            partition by household_id, user_id order by activity_date
        ) - activity_date as days_to_next
    from {{ ref('int_member_days') }}
    where activity_date > {{ first_day() }} - 60
),

-- Counts the last active day of a member in each window, so that each member counts once per window.
counted as (
    select
        member_days.household_id,
        windows.score_date,
        count(*) filter (where days_before < 7 and days_before < days_to_next) as active_members_7,
        count(*) filter (where days_before < 30 and days_before < days_to_next) as active_members_30,
        count(*) filter (where days_before >= 30 and days_before - 30 < days_to_next) as active_members_prev_30,
        cast(sum(events) filter (where days_before < 30 and dayofweek(member_days.activity_date) in (0, 6)) as bigint)
            as weekend_events_30,
        cast(sum(peak_hour_events) filter (where days_before < 30) as bigint) as peak_hour_events_30,
        cast(bool_or(days_before < 7 and coalesce(pet_known_from <= windows.score_date, false)) as integer) as pet_active_7
    from member_days
    inner join windows on member_days.activity_date = windows.activity_date
    group by member_days.household_id, windows.score_date
)

{%- set counts = [
    'active_members_7', 'active_members_30', 'active_members_prev_30', 'weekend_events_30', 'peak_hour_events_30'
] %}

select
    customers.household_id,
    customers.score_date,
    {%- for column in counts %}
    {{ activity_or_unknown('counted.' ~ column) }} as {{ column }},
    {%- endfor %}
    {% if source_is_present('app', 'pets') -%}
    {{ activity_or_unknown('counted.pet_active_7') }}
    {%- else -%}
    cast(null as integer)
    {%- endif %} as pet_active_7
from customers
left join counted on customers.household_id = counted.household_id and customers.score_date = counted.score_date
order by score_date
