{%- set days, windows = var('theme_window_days'), var('theme_windows') -%}
with windows as (
    select
        number as window_number,
        {{ as_of_date() }} - cast({{ days }} * number as integer) as last_day,
        {{ as_of_date() }} - cast({{ days }} * (number + 1) - 1 as integer) as first_day
    from (select unnest(range({{ windows + 1 }})) as number)
),

themes as (
    select distinct theme from {{ ref('complaint_themes') }}
),

-- Nothing is known of the days before the first message.
known as (
    select min(cast(created_at as date)) as first_message_day from {{ ref('int_customer_messages') }}
),

negative as (
    select distinct theme, household_id, cast(created_at as date) as message_date
    from {{ ref('fct_comment_themes') }}
    where polarity = 'negative'
),

counted as (
    select negative.theme, windows.window_number, count(distinct negative.household_id) as households
    from negative
    inner join windows on negative.message_date between windows.first_day and windows.last_day
    group by negative.theme, windows.window_number
),

-- The mean number of customers of its days: at the end of a window there may be many who saw little of it.
exposed as (
    select windows.window_number, sum(customer_days.customers) / {{ days }} as customers
    from windows
    inner join {{ ref('int_customer_days') }} as customer_days
        on customer_days.day between windows.first_day and windows.last_day
    group by windows.window_number
)

select
    themes.theme,
    windows.window_number,
    case when windows.first_day >= known.first_message_day then coalesce(counted.households, 0) end as households,
    case when windows.first_day >= known.first_message_day then exposed.customers end as customers
from themes
cross join windows
cross join known
left join exposed on windows.window_number = exposed.window_number
left join counted on themes.theme = counted.theme and windows.window_number = counted.window_number
