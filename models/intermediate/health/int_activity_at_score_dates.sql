with customers as (
    select household_id, score_date from {{ ref('int_household_score_dates') }} where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 60
),

summed as (
    select
        daily.household_id,
        windows.score_date,
        max(daily.activity_date) as last_activity_date,
        max(daily.activity_date) filter (where daily.sessions > 0) as last_login_date,
        {%- for days in [7, 14, 30] %}
        cast(sum(daily.active_members) filter (where windows.days_before < {{ days }}) as bigint)
            as active_member_days_{{ days }},
        cast(sum(daily.tasks_completed) filter (where windows.days_before < {{ days }}) as bigint) as tasks_{{ days }},
        count(*) filter (where daily.sessions > 0 and windows.days_before < {{ days }}) as login_days_{{ days }},
        cast(sum(daily.sessions) filter (where windows.days_before < {{ days }}) as bigint) as sessions_{{ days }},
        {%- endfor %}
        cast(sum(daily.active_members) filter (where windows.days_before between 14 and 27) as bigint)
            as active_member_days_prev_14,
        cast(sum(daily.tasks_completed) filter (where windows.days_before between 14 and 27) as bigint) as tasks_prev_14,
        cast(sum(daily.tasks_completed) filter (where windows.days_before >= 30) as bigint) as tasks_prev_30,
        cast(sum(daily.sessions) filter (where windows.days_before >= 30) as bigint) as sessions_prev_30,
        cast(sum(daily.events) filter (where windows.days_before < 30) as bigint) as events_30,
        cast(sum(daily.events) filter (where windows.days_before >= 30) as bigint) as events_prev_30,
        cast(sum(daily.app_opens) filter (where windows.days_before < 7) as bigint) as app_opens_7,
        cast(sum(daily.session_events) filter (where windows.days_before < 30) as bigint) as session_events_30,
        -- Sums of whole microseconds do not depend on row order.
        cast(sum(cast(daily.session_minutes * 60000000 as bigint)) filter (where windows.days_before < 30) as bigint)
            as session_us_30,
        cast(sum(cast(daily.session_minutes * 60000000 as bigint)) filter (where windows.days_before >= 30) as bigint)
            as session_us_prev_30
    from {{ ref('fct_household_daily') }} as daily
    inner join windows using (activity_date)
    group by daily.household_id, windows.score_date
),

-- Households without activity in the window were last active before it.
inactive as (
    select customers.household_id, customers.score_date
    from customers
    left join summed using (household_id, score_date)
    where summed.last_login_date is null
),

before_window as (
    select
        inactive.household_id,
        inactive.score_date,
        max(daily.activity_date) as last_activity_date,
        max(daily.activity_date) filter (where daily.sessions > 0) as last_login_date
    from inactive
    inner join {{ ref('fct_household_daily') }} as daily
        on inactive.household_id = daily.household_id and inactive.score_date >= daily.activity_date
    group by inactive.household_id, inactive.score_date
)

{%- set counts = [
    'active_member_days_7', 'active_member_days_14', 'active_member_days_prev_14', 'active_member_days_30',
    'tasks_7', 'tasks_14', 'tasks_prev_14', 'tasks_30', 'tasks_prev_30', 'login_days_7', 'login_days_30',
    'sessions_7', 'sessions_30', 'sessions_prev_30', 'events_30', 'events_prev_30', 'app_opens_7', 'session_events_30'
] %}

select
    customers.household_id,
    customers.score_date,
    {%- for column in counts %}
    {{ activity_or_unknown('summed.' ~ column) }} as {{ column }},
    {%- endfor %}
    summed.session_us_30 / 60000000.0 / nullif(summed.sessions_30, 0) as mean_session_minutes_30,
    summed.session_us_prev_30 / 60000000.0 / nullif(summed.sessions_prev_30, 0) as mean_session_minutes_prev_30,
    customers.score_date - coalesce(summed.last_login_date, before_window.last_login_date) as days_since_last_login,
    coalesce(summed.last_activity_date, before_window.last_activity_date) as last_activity_date
from customers
left join summed using (household_id, score_date)
left join before_window using (household_id, score_date)
order by score_date
