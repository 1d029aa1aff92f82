-- depends_on: {{ ref('int_household_score_dates') }}
with billing as (
    select *
    from {{ ref('int_billing_at_score_dates') }}
    where score_date >= {{ first_day() }}
),

-- For a Free household only the payment standing counts.
metrics as (
    select
        household_id,
        score_date,
        payment_standing,
        case when payment_standing <> 'free' then failed_charges_90 end as failed_charges_90,
        case
            when payment_standing not in ('free', 'cancelled')
                then days_since_last_payment - billing_interval_days - {{ var('payment_grace_days') }}
        end as days_payment_missing
    from billing
)

select household_id, score_date, {{ points('payment') }} as payment from metrics
order by score_date
