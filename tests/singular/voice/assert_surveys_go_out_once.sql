-- At most one survey per household is to be sent, and none that fell due more than a week ago.
select household_id, count(*) as surveys, min(due_on) as earliest
from {{ ref('fct_survey_decisions') }}
where decision = 'send'
group by household_id
having count(*) > 1 or min(due_on) < {{ as_of_date() }} - {{ var('survey_send_days') }}
