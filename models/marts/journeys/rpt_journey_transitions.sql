with signups as (
    select previous_stage as from_stage, stage as to_stage, count(*) as transitions, count(distinct household_id) as households
    from {{ ref('fct_journey_stages') }}
    where previous_stage = 'awareness'
    group by previous_stage, stage
)

select
    from_stage,
    to_stage,
    cast(transitions as bigint) as transitions,
    cast(households as bigint) as households,
    cast(days_at_risk as bigint) as days_at_risk,
    {{ nan_to_null('rate_per_30_days') }} as rate_per_30_days,
    {{ nan_to_null('ci_low') }} as ci_low,
    {{ nan_to_null('ci_high') }} as ci_high
from {{ ref('int_journey_rates') }}
union all
-- Nobody is known before signup, so nobody is at risk there.
select from_stage, to_stage, transitions, households, null, null, null, null from signups
