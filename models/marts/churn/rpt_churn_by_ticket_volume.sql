with households as (
    select * from {{ ref('int_ticket_volume_outcomes') }}
),

buckets as (
    select * from {{ ref('ticket_buckets') }}
),

counted as (
    select
        buckets.ticket_bucket,
        buckets.min_tickets,
        max(households.score_date) as score_date,
        count(households.household_id) as total_customers,
        count(*) filter (where households.has_churned) as churned_customers,
        coalesce(cast(sum(households.csat_answers) as bigint), 0) as csat_answers,
        cast(sum(households.csat_sum) as bigint) as csat_sum
    from buckets
    left join households
        on
            households.tickets_90 >= buckets.min_tickets
            and (buckets.max_tickets is null or households.tickets_90 <= buckets.max_tickets)
    group by buckets.ticket_bucket, buckets.min_tickets
)

select
    ticket_bucket,
    min_tickets,
    score_date,
    total_customers,
    churned_customers,
    {{ safe_ratio('churned_customers', 'total_customers') }} as churn_rate,
    {{ wilson_bound('churned_customers', 'total_customers', '-') }} as ci_low,
    {{ wilson_bound('churned_customers', 'total_customers', '+') }} as ci_high,
    csat_answers,
    {{ safe_ratio('csat_sum', 'csat_answers') }} as avg_csat
from counted
