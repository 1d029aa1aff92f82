-- The stage of a customer on each day on which it is looked at: the first rule that holds.
with conditions as (
    select
        *,
        days_since_signup > {{ var('journey_retention_after_days') }} as is_old_enough,
        case when is_growing then 'growth' else 'adoption' end as other_stage
    from {{ ref('int_journey_conditions') }}
),

-- Retention begins at one bound and ends below another, so that the stage does not change with each week. Null: between them.
decided as (
    select
        *,
        case
            when days_since_signup <= {{ var('journey_onboarding_days') }} then 'onboarding'
            when is_advocate then 'advocacy'
            when is_old_enough and mean_dau_wau >= {{ var('journey_retention_from') }} then 'retention'
            when not is_old_enough or mean_dau_wau < {{ var('journey_retention_below') }} then other_stage
        end as decided_stage
    from conditions
)

select
    household_id,
    period_number,
    period_from,
    signup_date,
    day,
    is_sunday,
    coalesce(
        decided_stage,
        case
            when last_value(decided_stage ignore nulls) over (
                partition by household_id, period_number order by day rows between unbounded preceding and current row
            ) = 'retention' then 'retention'
            else other_stage
        end
    ) as stage
from decided
