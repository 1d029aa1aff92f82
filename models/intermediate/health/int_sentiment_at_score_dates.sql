-- depends_on: {{ ref('int_sentiment_touched_days') }}
with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_day() }}
),

windows as (
    select * from {{ ref('int_score_windows') }} where score_date >= {{ first_day() }} and days_before < 90
),

-- Sums of decimals do not depend on row order. Unscored messages are excluded.
means as (
    select
        messages.household_id,
        windows.score_date,
        avg(messages.compound) as mean_sentiment_90,
        avg(messages.compound) filter (where messages.channel = 'ticket') as mean_ticket_sentiment_90
    from {{ ref('fct_message_sentiment') }} as messages
    inner join windows on cast(messages.created_at as date) = windows.activity_date
    group by messages.household_id, windows.score_date
)

select customers.household_id, customers.score_date, means.mean_sentiment_90, means.mean_ticket_sentiment_90
from customers
left join means on customers.household_id = means.household_id and customers.score_date = means.score_date
order by score_date
