with households as (
    select
        periods.household_id,
        periods.signup_date,
        runs.stage_today,
        runs.next_stage,
        runs.stage_progress,
        runs.blockers
    from {{ ref('int_customer_periods') }} as periods
    left join {{ ref('int_lifecycle_run') }} as runs on periods.household_number = runs.household_number and runs.kind = 'today'
    where periods.period_number = 1
),

spells as (
    select
        *,
        lead(entered_on) over (partition by household_id order by entered_on) as left_on,
        lag(stage) over (partition by household_id order by entered_on) as stage_before
    from {{ ref('int_lifecycle_entries') }}
),

in_window as (
    select
        spells.*,
        spells.left_on is null as is_current,
        {{ is_left_truncated('households.signup_date', 'spells.entered_on') }} as is_left_truncated,
        households.* exclude (household_id, signup_date)
    from spells
    inner join households on spells.household_id = households.household_id
    where {{ open_end('spells.left_on') }} > {{ first_score_date() }}
)

select
    household_id,
    row_number() over (partition by household_id order by entered_on) as spell_number,
    stage,
    case when not is_left_truncated then entered_on end as entered_on,
    left_on,
    case when not is_left_truncated then coalesce(left_on, {{ as_of_date() }}) - entered_on end as days_in_stage,
    case when not is_left_truncated then stage_before end as previous_stage,
    case
        when is_left_truncated then null
        when rule = 0 then cast(to_json({'rule': 'override', 'value': reason_code, 'threshold': null}) as varchar)
        else cast(to_json({'rule': rule, 'value': value, 'threshold': threshold}) as varchar)
    end as reason,
    case when not is_left_truncated then case when rule = 0 then 'manual' else 'automatic' end end as triggered_by,
    case when is_current then coalesce(stage_today, stage) end as stage_today,
    case when is_current then next_stage end as next_stage,
    case when is_current then stage_progress end as stage_progress,
    case when is_current then blockers end as blockers,
    is_left_truncated,
    is_current
from in_window
