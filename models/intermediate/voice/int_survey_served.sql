-- The occurrence that a sending serves: of those that fell due in the days before, the highest priority, then the nearest.
with sendings as (
    select * from {{ ref('int_survey_sendings') }}
),

occurrences as (
    select household_id, trigger, subject_id, survey_type, priority, due_on from {{ ref('int_survey_occurrences') }}
),

chosen as (
    select occurrences.*, sendings.sent_on, sendings.is_answered
    from sendings
    inner join occurrences
        on
            sendings.household_id = occurrences.household_id
            and sendings.survey_type = occurrences.survey_type
            and occurrences.due_on between sendings.sent_on - {{ var('survey_send_days') }} and sendings.sent_on
    qualify row_number() over (
        partition by sendings.household_id, sendings.survey_type, sendings.sent_on
        order by occurrences.priority, occurrences.due_on desc, occurrences.trigger, occurrences.subject_id
    ) = 1
)

select household_id, trigger, subject_id, due_on, min(sent_on) as sent_on, bool_or(is_answered) as is_answered
from chosen
group by household_id, trigger, subject_id, due_on
