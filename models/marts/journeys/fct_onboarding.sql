with starts as (
    select
        *,
        started_on = max(started_on) over (partition by household_id, program) as is_current
    from {{ ref('int_onboarding_starts') }}
),

steps as (
    select
        household_id,
        program,
        started_on,
        min_by(step, step_order) filter (where is_known and completed_on is null) as first_undone,
        max(completed_on) as last_step_on,
        max(completed_on) filter (where is_first_value) as first_value_on,
        count(completed_on) as steps_done,
        count(completed_on) filter (where is_signup) as signups_done
    from {{ ref('int_onboarding_steps') }}
    group by household_id, program, started_on
),

progress as (
    select household_id, program, started_on, max(progress) as progress, min(day) filter (where progress >= 1) as completed_on
    from {{ ref('int_onboarding_progress') }}
    group by household_id, program, started_on
),

milestones as (
    select * from {{ ref('int_onboarding_milestones') }}
),

churned as (
    select starts.household_id, starts.program, starts.started_on
    from starts
    inner join {{ ref('int_household_churn_spells') }} as spells on starts.household_id = spells.household_id
    where {{ open_end('spells.reactivated_at') }} > starts.started_on
    group by starts.household_id, starts.program, starts.started_on
)

select
    starts.household_id,
    starts.program,
    starts.started_on,
    case
        when progress.completed_on is not null then 'completed'
        when churned.household_id is not null then 'churned'
        when {{ as_of_date() }} - starts.started_on >= starts.length_days + {{ var('onboarding_abandoned_days') }} then 'abandoned'
        when {{ as_of_date() }} - coalesce(steps.last_step_on, starts.started_on) > starts.stalled_after_days then 'stalled'
        when steps.steps_done = steps.signups_done then 'not_started'
        else 'in_progress'
    end as status,
    progress.progress,
    case when progress.completed_on is null then steps.first_undone end as current_step,
    steps.last_step_on,
    {{ as_of_date() }} - steps.last_step_on as days_since_last_step,
    steps.first_value_on,
    progress.completed_on,
    coalesce(milestones.milestones_due, 0) as milestones_due,
    coalesce(milestones.milestones_late, 0) as milestones_late,
    starts.is_current
from starts
inner join steps using (household_id, program, started_on)
left join progress using (household_id, program, started_on)
left join milestones using (household_id, program, started_on)
left join churned using (household_id, program, started_on)
