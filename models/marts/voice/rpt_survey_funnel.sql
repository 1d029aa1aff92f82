with summed as (
    select
        survey_type,
        cast(date_trunc('month', due_on) as date) as month_start,
        count(*) as occurrences,
        count(*) filter (where decision not in ('already_sent', 'missed', 'send')) as suppressed,
        count(*) filter (where decision = 'missed') as missed,
        count(*) filter (where decision = 'already_sent') as sent,
        count(*) filter (where is_answered) as answered
    from {{ ref('int_survey_decisions') }}
    group by survey_type, date_trunc('month', due_on)
)

select
    *,
    {{ safe_ratio('answered', 'sent') }} as response_rate,
    {{ wilson_bound('answered', 'sent', '-') }} as ci_low,
    {{ wilson_bound('answered', 'sent', '+') }} as ci_high
from summed
