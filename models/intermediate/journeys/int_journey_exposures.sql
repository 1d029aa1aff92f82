-- Days at risk of each household in a stage, and its transitions from there to each stage that anybody went to.
with households as (
    select household_id, {{ household_number() }} as household_number from {{ ref('int_household_signups') }}
),

spells as (
    select household_id, spell_number, stage, days_in_stage, is_left_truncated from {{ ref('fct_journey_stages') }}
),

at_risk as (
    select household_id, stage, sum(days_in_stage) as days_at_risk
    from spells
    where not is_left_truncated
    group by household_id, stage
),

moves as (
    select before.household_id, before.stage as from_stage, spells.stage as to_stage
    from spells as before
    inner join spells
        on before.household_id = spells.household_id and before.spell_number + 1 = spells.spell_number
    where not before.is_left_truncated
),

counted as (
    select household_id, from_stage, to_stage, count(*) as transitions from moves group by household_id, from_stage, to_stage
),

pairs as (
    select distinct from_stage, to_stage from counted
)

select
    households.household_number,
    pairs.from_stage,
    pairs.to_stage,
    at_risk.days_at_risk,
    coalesce(counted.transitions, 0) as transitions
from pairs
inner join at_risk on pairs.from_stage = at_risk.stage
inner join households on at_risk.household_id = households.household_id
left join counted
    on
        at_risk.household_id = counted.household_id
        and pairs.from_stage = counted.from_stage
        and pairs.to_stage = counted.to_stage
