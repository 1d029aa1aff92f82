-- The first day on which something is known: a household, an event, or a subscription, which may be older than the account.
with first_days as (
    select min(cast(created_at as date)) as first_day from {{ ref('stg_app__households') }}
    union all
    select min(event_date) from {{ ref('fct_events') }}
    union all
    select min(valid_from) from {{ ref('int_subscription_versions') }} where household_id is not null
),

first_day as (
    select least(coalesce(min(first_day), {{ as_of_date() }}), {{ as_of_date() }}) as date_day from first_days
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
