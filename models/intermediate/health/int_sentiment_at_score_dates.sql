with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date >= {{ first_score_date() }}
)

select household_id, score_date, cast(null as double) as mean_sentiment_90 from customers
