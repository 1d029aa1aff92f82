{%- set window, before = var('sentiment_window_days'), var('sentiment_before_days') %}

with messages as (
    select
        message_id,
        household_id,
        cast(created_at as date) as message_date,
        created_at,
        compound,
        sentiment,
        frustration_score
    from {{ ref('fct_message_sentiment') }}
    where compound is not null
),

-- Sums of decimals do not depend on row order; sums of doubles would.
windowed as (
    select
        *,
        avg(compound) over (
            partition by household_id order by message_date
            range between interval {{ window - 1 }} day preceding and current row
        ) as mean_of_window,
        avg(compound) over (
            partition by household_id order by message_date
            range between interval {{ window + before - 1 }} day preceding and interval {{ window }} day preceding
        ) as mean_before,
        count(*) filter (where sentiment = 'Negative') over (
            partition by household_id order by created_at, message_id
            rows between {{ var('sentiment_last_messages') - 1 }} preceding and current row
        ) as negative_of_last
    from messages
)

select
    household_id,
    message_date,
    max(mean_of_window) as mean_of_window,
    max(mean_before) as mean_before,
    max_by(negative_of_last, (created_at, message_id)) as negative_of_last,
    max(frustration_score) as frustration_score
from windowed
group by household_id, message_date
