-- Suppressed, missed and sent are parts of the occurrences, and a rate lies in its interval.
select survey_type, month_start
from {{ ref('rpt_survey_funnel') }}
where
    suppressed + missed + sent > occurrences
    or answered > sent
    or response_rate not between ci_low and ci_high
    or (sent = 0) <> (response_rate is null)
