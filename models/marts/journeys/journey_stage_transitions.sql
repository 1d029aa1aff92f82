with spells as (
    select
        *,
        lag(days_in_stage) over (partition by household_id order by spell_number) as days_in_previous_stage
    from {{ ref('fct_journey_stages') }}
)

select
    household_id,
    previous_stage as from_stage,
    stage as to_stage,
    entered_on as transition_date,
    days_in_previous_stage,
    trigger_event
from spells
where not is_left_truncated
