-- Monthly price of paid subscriptions at the end of each month, rounded to cents by household. A household with a
-- price that is missing is unknown on both sides.
with monthly as (
    select
        s.household_id,
        s.valid_from,
        least(s.valid_until, coalesce(h.closed_date, date '9999-12-31')) as valid_until,
        p.unit_amount * s.quantity / p.billing_interval_count
        * intervals.months_numerator / intervals.months_denominator as mrr
    from subscription_days as s
    inner join staging.stg_app__households as h using (household_id)
    inner join rules.subscription_statuses as statuses using (status)
    left join staging.stg_stripe__price as p using (price_id)
    left join rules.billing_intervals as intervals using (billing_interval)
    where statuses.is_in_force and statuses.is_paying
),

ends as (
    select distinct
        month_start,
        least(last_day(month_start), as_of()) as month_end
    from analytics.fct_mrr_movements
),

there as (
    select
        e.month_start,
        m.household_id,
        case when count(*) = count(m.mrr) then round(sum(m.mrr), 2) end as mrr
    from ends as e
    inner join monthly as m on m.valid_from <= e.month_end and m.valid_until > e.month_end
    group by all
),

there_by_month as (
    select month_start, sum(mrr) as mrr
    from there
    group by month_start
),

here as (
    select month_start, sum(mrr_closing) as mrr
    from analytics.fct_mrr_movements
    group by month_start
)

select
    strftime(month_start, '%Y-%m') as item,
    here.mrr as observed,
    coalesce(there_by_month.mrr, 0) as expected
from here
left join there_by_month using (month_start)
