-- The share of a program's starts of a month that had their first value by a day: cumulative incidence with churn as the
-- competing event (Aalen and Johansen 1978).
with outcomes as (
    select *, cast({{ dbt.date_trunc('month', 'started_on') }} as date) as start_month
    from {{ ref('int_onboarding_first_values') }}
),

by_day as (
    select
        program,
        start_month,
        days,
        count(*) filter (where has_value) as first_values,
        count(*) filter (where has_churned_before) as churns,
        count(*) as ended
    from outcomes
    group by program, start_month, days
),

at_risk as (
    select
        *,
        sum(ended) over (
            partition by program, start_month order by days rows between current row and unbounded following
        ) as households_at_risk
    from by_day
),

kept as (
    select
        *,
        coalesce(product(1 - (first_values + churns) / households_at_risk) over (
            partition by program, start_month order by days rows between unbounded preceding and 1 preceding
        ), 1) as share_without_before
    from at_risk
)

select
    program,
    start_month,
    days,
    sum(share_without_before * first_values / households_at_risk) over (
        partition by program, start_month order by days rows between unbounded preceding and current row
    ) as cumulative_incidence
from kept
