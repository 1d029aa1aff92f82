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
),

counted as (
    select
        first_entries.stage,
        count(*) as n,
        count(*) filter (where exists (
            select 1 from leavings
            where
                leavings.household_id = first_entries.household_id
                and leavings.spell_number = first_entries.spell_number
                and leavings.left_at <= first_entries.entered_on + first_entries.within_days
        )) as left_count
    from first_entries
    group by first_entries.stage
    union all
    select 'onboarding', count(progress), count(progress) filter (where completed_on is null)
    from {{ ref('fct_onboarding') }} as onboarding
    inner join {{ ref('onboarding_programs') }} as programs on onboarding.program = programs.program
    where programs.begins_with = 'signup' and onboarding.started_on + programs.length_days <= {{ as_of_date() }}
),

measured as (
    select
        rules.stage,
        rules.stated_rate,
        case when rules.within_days is not null then coalesce(counted.n, 0) else counted.n end as n,
        counted.left_count,
        {{ safe_ratio('counted.left_count', 'counted.n') }} as drop_off_rate,
        {{ wilson_bound('counted.left_count', 'counted.n', '-') }} as ci_low,
        {{ wilson_bound('counted.left_count', 'counted.n', '+') }} as ci_high
    from rules
    left join counted on rules.stage = counted.stage
)

select
    stage,
    n,
    left_count,
    drop_off_rate,
    ci_low,
    ci_high,
    cast(stated_rate as double) as stated_rate,
    case
        when stated_rate is null then null
        when drop_off_rate is null then 'not_measurable'
        when ci_low > stated_rate then 'higher'
        when ci_high < stated_rate then 'lower'
        else 'consistent'
    end as verdict
from measured
