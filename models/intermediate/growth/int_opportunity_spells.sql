-- A spell ends at the first event after it opened, or on the last of 13 Sundays on which its condition did not hold.
with held as (
    select * from {{ ref('int_growth_conditions') }}
),

events as (
    select * from {{ ref('int_opportunity_events') }}
),

-- An event on a Sunday has happened by the end of that day, on which the condition is evaluated.
with_previous as (
    select
        held.*,
        events.ended_on as last_event_on,
        lag(held.score_date) over spells as previous_date,
        lag(events.ended_on) over spells as previous_event_on
    from held
    asof left join events
        on
            held.household_id = events.household_id
            and held.opportunity_type = events.opportunity_type
            and held.score_date >= events.ended_on
    window spells as (partition by held.household_id, held.opportunity_type order by held.score_date)
),

numbered as (
    select
        *,
        count(*) filter (
            where previous_date is null
            or score_date - previous_date > {{ 7 * var('opportunity_expires_sundays') }}
            or last_event_on is distinct from previous_event_on
        ) over (partition by household_id, opportunity_type order by score_date) as spell_number
    from with_previous
),

spells as (
    select
        household_id,
        opportunity_type,
        spell_number,
        min(score_date) as identified_at,
        max(score_date) as last_held_on,
        min_by(current_usage, score_date) as current_usage,
        min_by(usage_limit, score_date) as usage_limit
    from numbered
    group by household_id, opportunity_type, spell_number
),

ended as (
    select
        spells.*,
        events.ended_on,
        events.outcome,
        spells.last_held_on + {{ 7 * var('opportunity_expires_sundays') }} as expires_on
    from spells
    asof left join events
        on
            spells.household_id = events.household_id
            and spells.opportunity_type = events.opportunity_type
            and spells.identified_at < events.ended_on
)

select
    md5(household_id || '|' || opportunity_type || '|' || identified_at) as opportunity_id,
    household_id,
    opportunity_type,
    identified_at,
    current_usage,
    usage_limit,
    case when ended_on <= expires_on then outcome when expires_on <= {{ as_of_date() }} then 'expired' else 'open' end as status,
    case
        when ended_on <= expires_on then ended_on
        when expires_on <= {{ as_of_date() }} then expires_on
    end as status_at
from ended
