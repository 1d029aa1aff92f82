with judged as (
    select
        conditions.*,
        served.sent_on,
        coalesce(served.is_answered, false) as is_answered,
        case
            when served.sent_on is not null then 'already_sent'
            when not conditions.may_be_asked then 'not_a_customer'
            when not (conditions.is_active_enough and conditions.is_early_adopter) then 'not_in_audience'
            when conditions.any_sent_on is not null or conditions.nps_on is not null then 'too_soon'
            when conditions.due_on < {{ as_of_date() }} - {{ var('survey_send_days') }} then 'missed'
        end as decision
    from {{ ref('int_survey_conditions') }} as conditions
    left join {{ ref('int_survey_served') }} as served
        on
            conditions.household_id = served.household_id
            and conditions.trigger = served.trigger
            and conditions.subject_id is not distinct from served.subject_id
            and conditions.due_on = served.due_on
),

-- One survey per household goes out.
ranked as (
    select
        *,
        row_number() over sending as place,
        first_value(trigger) over sending as first_trigger
    from judged
    window sending as (partition by household_id, decision is null order by priority, due_on, subject_id)
)

select
    household_id,
    trigger,
    survey_type,
    due_on,
    coalesce(decision, case when place = 1 then 'send' else 'outranked' end) as decision,
    case
        when decision = 'already_sent' then 'sent on ' || sent_on
        when decision = 'not_a_customer' then 'has churned'
        when decision = 'not_in_audience' and not is_active_enough then 'not active'
        when decision = 'not_in_audience' then 'no early adopter'
        when decision = 'too_soon' and any_sent_on is not null then 'survey of ' || any_sent_on
        when decision = 'too_soon' then 'NPS of ' || nps_on
        when decision = 'missed' then 'due more than {{ var("survey_send_days") }} days ago'
        when place = 1 then 'due'
        else 'after ' || first_trigger
    end as decision_reason,
    subject_id,
    is_answered
from ranked
