-- The lowest monthly price of one unit that some subscription in force has, on each day on which an opportunity was identified.
with days as (
    select distinct identified_at as day from {{ ref('int_opportunity_spells') }}
),

in_force as (
    select subscription_id, valid_from, {{ open_end('valid_until') }} as valid_until
    from {{ ref('int_subscription_periods') }}
    where is_in_force
),

priced as (
    select
        lines.plan_type,
        lines.monthly_value / lines.billed_quantity as monthly_price,
        in_force.valid_from,
        in_force.valid_until
    from in_force
    inner join {{ ref('int_subscription_segments') }} as segments
        on in_force.subscription_id = segments.subscription_id and in_force.valid_from = segments.valid_from
    inner join {{ ref('int_subscription_lines') }} as lines
        on
            segments.subscription_id = lines.subscription_id
            and segments.version_number = lines.version_number
            and segments.valid_from >= lines.line_from
    where lines.plan_type is not null and not lines.is_free and lines.monthly_value > 0 and lines.billed_quantity > 0
)

select days.day, priced.plan_type, cast(min(priced.monthly_price) as decimal(18, 6)) as monthly_price
from days
inner join priced on days.day >= priced.valid_from and days.day < priced.valid_until
group by days.day, priced.plan_type
