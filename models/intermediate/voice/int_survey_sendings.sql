-- A survey that went out, as an invitation of the survey tool or a receipt of a step; both on one day are one sending.
with receipts as (
    select message_key, household_id, survey_type, cast(min(occurred_at) as date) as sent_on
    from {{ ref('stg_cs__deliveries') }}
    where survey_type is not null and status in ('sent', 'delivered') and household_id is not null
    group by message_key, household_id, survey_type
),

sendings as (
    select household_id, survey_type, cast(sent_at as date) as sent_on, is_responded from {{ ref('fct_survey_invitations') }}
    union all
    select household_id, survey_type, sent_on, false from receipts
)

select household_id, survey_type, sent_on, bool_or(is_responded) as is_answered
from sendings
group by household_id, survey_type, sent_on
