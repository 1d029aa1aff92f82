with recipients as (
    select * from {{ ref('int_survey_recipients') }}
)

select
    decisions.household_id,
    decisions.trigger,
    decisions.survey_type,
    decisions.due_on,
    decisions.decision,
    decisions.decision_reason,
    recipients.user_id,
    decisions.subject_id
from {{ ref('int_survey_decisions') }} as decisions
left join recipients
    on
        decisions.household_id = recipients.household_id
        and decisions.due_on = recipients.due_on
        and case when decisions.trigger = 'ticket_solved' then decisions.subject_id end is not distinct from recipients.ticket_id
