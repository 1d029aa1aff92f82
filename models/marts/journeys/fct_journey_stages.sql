with signups as (
    select household_id, signup_date from {{ ref('int_household_signups') }}
),

today as (
    select household_id, stage from {{ ref('int_journey_stages') }} where day = {{ as_of_date() }}
),

-- What was already running on the first score date of a household that signed up earlier has no known beginning.
in_window as (
    select
        spells.*,
        spells.left_on is null as is_current,
        {{ is_left_truncated('signups.signup_date', 'spells.entered_on') }} as is_left_truncated
    from {{ ref('int_journey_spells') }} as spells
    inner join signups on spells.household_id = signups.household_id
    where {{ open_end('spells.left_on') }} > {{ first_score_date() }}
),

triggers as (
    select * from {{ ref('journey_triggers') }}
)

select
    in_window.household_id,
    row_number() over (partition by in_window.household_id order by in_window.entered_on) as spell_number,
    in_window.stage,
    case when not in_window.is_left_truncated then in_window.entered_on end as entered_on,
    in_window.left_on,
    case when not in_window.is_left_truncated then coalesce(in_window.left_on, {{ as_of_date() }}) - in_window.entered_on end
        as days_in_stage,
    case when not in_window.is_left_truncated then in_window.previous_stage end as previous_stage,
    case
        when not in_window.is_left_truncated
            then coalesce(in_window.churn_type, triggers.trigger_event, in_window.previous_stage || '_to_' || in_window.stage)
    end as trigger_event,
    case when in_window.is_current then coalesce(today.stage, in_window.stage) end as stage_today,
    in_window.is_left_truncated,
    in_window.is_current
from in_window
left join triggers on in_window.previous_stage = triggers.from_stage and in_window.stage = triggers.to_stage
left join today on in_window.household_id = today.household_id
