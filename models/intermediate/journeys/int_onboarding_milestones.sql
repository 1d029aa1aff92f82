-- A milestone is due once its day is over, and late if one of its steps was not done by then.
with steps as (
    select household_id, program, started_on, step, completed_on from {{ ref('int_onboarding_steps') }} where is_known
),

milestones as (
    select
        steps.household_id,
        steps.program,
        steps.started_on,
        milestones.milestone_day,
        bool_and(coalesce(steps.completed_on <= steps.started_on + milestones.milestone_day, false)) as is_met
    from steps
    inner join {{ ref('onboarding_milestones') }} as milestones
        on steps.program = milestones.program and steps.step = milestones.step
    where steps.started_on + milestones.milestone_day <= {{ as_of_date() }}
    group by steps.household_id, steps.program, steps.started_on, milestones.milestone_day
)

select
    household_id,
    program,
    started_on,
    count(*) as milestones_due,
    count(*) filter (where not is_met) as milestones_late
from milestones
group by household_id, program, started_on
