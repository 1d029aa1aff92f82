select
    household_id,
    program,
    started_on,
    step,
    is_required,
    completed_on
from {{ ref('int_onboarding_steps') }}
