-- Households that churn in a period stay in its denominator.
with periods as (
    select period_grain, period_start, period_end, value
    from analytics.published_metrics
    where metric = 'household_churn_rate' and segment_type = 'all'
),

households as (
    select household_id, signup_date
    from signups
    where closed_date is distinct from signup_date
),

starts as (
    select p.period_grain, p.period_start, p.period_end, h.household_id
    from periods as p
    inner join households as h on h.signup_date < p.period_start
    anti join analytics.fct_churn_events as c
        on
            h.household_id = c.household_id
            and c.churned_at < p.period_start
            and coalesce(c.reactivated_at, date '9999-12-31') >= p.period_start
),

leavers as (
    select distinct s.period_grain, s.period_start, s.household_id
    from starts as s
    inner join analytics.fct_churn_events as c
        on s.household_id = c.household_id and c.churned_at between s.period_start and s.period_end
),

there as (
    select s.period_grain, s.period_start, count(l.household_id) / count(*) as rate
    from starts as s
    left join leavers as l using (period_grain, period_start, household_id)
    group by all
)

select
    period_grain || ' ' || period_start as item,
    periods.value as observed,
    there.rate as expected
from periods
left join there using (period_grain, period_start)
