-- Spells of stages from signup on, whatever the published history.
with stages as (
    select
        *,
        row_number() over (partition by household_id, period_number order by day) = 1 as is_first,
        lag(stage) over (partition by household_id, period_number order by day) as stage_before
    from {{ ref('int_journey_stages') }}
),

entries as (
    select household_id, period_from as entered_on, stage, null as churn_type from stages where is_first
    union all
    -- Only Sundays open spells.
    select household_id, day, stage, null from stages where not is_first and is_sunday and stage <> stage_before
    union all
    select household_id, churned_at, 'churned', churn_type from {{ ref('fct_churn_events') }}
)

select
    *,
    lead(entered_on) over by_day as left_on,
    lag(stage, 1, 'awareness') over by_day as previous_stage
from entries
window by_day as (partition by household_id order by entered_on)
