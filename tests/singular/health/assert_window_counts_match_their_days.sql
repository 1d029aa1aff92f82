-- Recounts the windows of the current score date between their first and last day.
with customers as (
    select household_id, score_date from {{ ref('int_household_score_dates') }} where is_current
),

daily as (
    select
        customers.household_id,
        sum(daily.tasks_completed) filter (where daily.activity_date > customers.score_date - 7) as tasks_7,
        sum(daily.tasks_completed) filter (where daily.activity_date > customers.score_date - 14) as tasks_14,
        sum(daily.tasks_completed) filter (where daily.activity_date > customers.score_date - 30) as tasks_30,
        sum(daily.tasks_completed) filter (where daily.activity_date <= customers.score_date - 30) as tasks_prev_30,
        sum(daily.events) filter (where daily.activity_date > customers.score_date - 30) as events_30,
        sum(daily.sessions) filter (where daily.activity_date > customers.score_date - 7) as sessions_7
    from customers
    inner join {{ ref('fct_household_daily') }} as daily
        on
            customers.household_id = daily.household_id
            and daily.activity_date between customers.score_date - 59 and customers.score_date
    group by customers.household_id
),

tickets as (
    select
        customers.household_id,
        count(*) filter (where cast(tickets.created_at as date) > customers.score_date - 30) as tickets_30,
        count(*) as tickets_90
    from customers
    inner join {{ ref('fct_support_tickets') }} as tickets
        on
            customers.household_id = tickets.household_id
            and cast(tickets.created_at as date) between customers.score_date - 89 and customers.score_date
    where not tickets.is_merged
    group by customers.household_id
),

{%- set windows = {
    'activity': ['tasks_7', 'tasks_14', 'tasks_30', 'tasks_prev_30', 'events_30', 'sessions_7'],
    'tickets': ['tickets_30', 'tickets_90']
} %}

compared as (
    {%- for name, columns in windows.items() %}
    {%- for column in columns %}
    select
        '{{ column }}' as window_name,
        counted.household_id,
        counted.{{ column }} as counted,
        coalesce(recounted.{{ column }}, 0) as recount
    from {{ ref('int_' ~ name ~ '_at_score_dates') }} as counted
    inner join customers on counted.household_id = customers.household_id and counted.score_date = customers.score_date
    left join {{ 'daily' if name == 'activity' else name }} as recounted on counted.household_id = recounted.household_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

-- Only counts of an absent source are null.
select * from compared where counted <> recount
