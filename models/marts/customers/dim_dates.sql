with first_day as (
    select least(
        coalesce((select min(signup_date) from {{ ref('int_household_signups') }}), {{ as_of_date() }}),
        coalesce((select min(event_date) from {{ ref('fct_events') }}), {{ as_of_date() }}),
        coalesce((select min(valid_from) from {{ ref('int_subscription_periods') }}), {{ as_of_date() }})
    ) as date_day
),

days as (
    select date_day + cast(unnest(range({{ as_of_date() }} - date_day + 1)) as integer) as date_day
    from first_day
),

calendar as (
    select
        date_day,
        cast({{ dbt.date_trunc('week', 'date_day') }} as date) as week_start,
        cast({{ dbt.date_trunc('month', 'date_day') }} as date) as month_start,
        cast({{ dbt.date_trunc('quarter', 'date_day') }} as date) as quarter_start
    from days
)

select
    date_day,
    week_start,
    week_start + 6 as week_end,
    month_start,
    quarter_start,
    date_day = {{ as_of_date() }} or (
        date_day = week_start + 6 and date_day > {{ history_start('published') }}
    ) as is_score_date
from calendar
