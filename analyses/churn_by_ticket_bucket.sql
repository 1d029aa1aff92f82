-- Question: do households with more tickets churn more often?
-- Grain: bucket of tickets in the 90 days that end on the snapshot day. Customers of that day that churned in the 90
-- days after it. The snapshot is the last Sunday with 90 complete days after it.
-- Decisions: 4 (a household without tickets is in the bucket 0; households are counted, not joined tickets),
-- 24 (tickets are read from their own table). The mart rpt_churn_by_ticket_volume adds intervals.
{%- set days = 90 %}

with households as (
    -- A household that closed on the day of signup was never a customer.
    select household_id, signup_date from {{ ref('dim_households') }} where is_active or churned_at is not null
),

snapshot as (
    select max(date_day) as snapshot_date from {{ ref('dim_dates') }}
    where date_day = week_end and date_day + {{ days }} <= {{ as_of_date() }}
),

tickets as (
    select household_id, count(*) as tickets
    from {{ ref('fct_support_tickets') }}
    cross join snapshot
    where cast(created_at as date) between snapshot_date - {{ days - 1 }} and snapshot_date and not is_merged
    group by household_id
),

answers as (
    select household_id, sum(csat_score) as csat_sum, count(csat_score) as csat_answers
    from {{ ref('fct_csat_responses') }}
    cross join snapshot
    where cast(responded_at as date) between snapshot_date - {{ days - 1 }} and snapshot_date
    group by household_id
),

spells as (
    select
        household_id,
        bool_or(churned_at <= snapshot_date and coalesce(reactivated_at > snapshot_date, true)) as is_gone,
        bool_or(churned_at > snapshot_date and churned_at <= snapshot_date + {{ days }}) as churns
    from {{ ref('fct_churn_events') }}
    cross join snapshot
    group by household_id
),

customers as (
    select
        snapshot.snapshot_date,
        {{ count_or_unknown('tickets.tickets', 'zendesk', 'ticket') }} as tickets,
        answers.csat_sum,
        answers.csat_answers,
        coalesce(spells.churns, false) as churns
    from households
    inner join snapshot on households.signup_date <= snapshot.snapshot_date
    left join spells using (household_id)
    left join tickets using (household_id)
    left join answers using (household_id)
    where not coalesce(spells.is_gone, false)
),

buckets as (
    select listed.bucket_order, listed.ticket_bucket, listed.min_tickets, listed.max_tickets
    from (values (0, '0', 0, 0), (1, '1-2', 1, 2), (2, '3-5', 3, 5), (3, '6+', 6, null), (4, 'unknown', null, null))
        as listed (bucket_order, ticket_bucket, min_tickets, max_tickets)
)

select
    customers.snapshot_date,
    buckets.ticket_bucket,
    count(*) as customers,
    sum(customers.tickets) as tickets,
    count(*) filter (where customers.churns) as churned,
    {{ safe_ratio('count(*) filter (where customers.churns)', 'count(*)') }} as churn_rate,
    {{ safe_ratio('sum(customers.csat_sum)', 'sum(customers.csat_answers)') }} as mean_csat,
    coalesce(sum(customers.csat_answers), 0) as csat_answers
from customers
inner join buckets
    on
        customers.tickets between buckets.min_tickets and coalesce(buckets.max_tickets, customers.tickets)
        or customers.tickets is null and buckets.min_tickets is null
group by customers.snapshot_date, buckets.ticket_bucket, buckets.bucket_order
order by buckets.bucket_order
