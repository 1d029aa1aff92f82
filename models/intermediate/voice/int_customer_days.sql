with changes as (
    select period_from as day, 1 as change from {{ ref('int_customer_periods') }}
    union all
    select period_until, -1 from {{ ref('int_customer_periods') }} where period_until is not null
),

summed as (
    select day, sum(change) as change from changes where day <= {{ as_of_date() }} group by day
),

days as (
    select cast(unnest(generate_series(min(day), {{ as_of_date() }}, interval 1 day)) as date) as day from summed
)

select days.day, cast(sum(coalesce(summed.change, 0)) over (order by days.day) as bigint) as customers
from days
left join summed on days.day = summed.day
