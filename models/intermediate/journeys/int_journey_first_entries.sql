with rules as (
    select * from {{ ref('journey_drop_offs') }}
),

spells as (
    select * from {{ ref('fct_journey_stages') }}
),

first_entries as (
    select spells.*, rules.within_days
    from spells
    inner join rules on spells.stage = rules.stage and rules.within_days is not null
    where spells.entered_on <= {{ as_of_date() }} - rules.entered_days_ago
    -- A household's first spell in the stage; where that is truncated, its first entry is not known.
    and not exists (
        select 1 from spells as earlier
        where
            earlier.household_id = spells.household_id
            and earlier.stage = spells.stage
            and earlier.spell_number < spells.spell_number
    )
),

-- The stage on the day of leaving; where that is churned already, the one before.
leavings as (
    select spells.household_id, events.left_at,
        case when spells.stage = 'churned' then spells.spell_number - 1 else spells.spell_number end as spell_number
    from {{ ref('fct_churn_events') }} as events
    asof inner join (select * from spells where entered_on is not null) as spells
        on events.household_id = spells.household_id and events.left_at >= spells.entered_on
)

select
    first_entries.household_id,
    first_entries.stage,
    first_entries.entered_on,
    coalesce(bool_or(leavings.left_at <= first_entries.entered_on + first_entries.within_days), false) as has_left
from first_entries
left join leavings
    on first_entries.household_id = leavings.household_id and first_entries.spell_number = leavings.spell_number
group by first_entries.household_id, first_entries.stage, first_entries.entered_on
