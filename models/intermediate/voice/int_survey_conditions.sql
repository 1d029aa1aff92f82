{%- set nps_days, any_days, feature_days = var('survey_nps_days'), var('survey_any_days'), var('survey_feature_days') -%}
-- All conditions are those of the day on which the survey fell due.
with occurrences as (
    select * from {{ ref('int_survey_occurrences') }}
),

active as (
    select household_id, activity_date
    from {{ ref('fct_household_daily') }}
    where activity_date > {{ as_of_date() }} - {{ 2 * var('survey_days') }}
),

sendings as (
    select household_id, sent_on from {{ ref('int_survey_sendings') }}
),

nps as (
    select household_id, sent_on as nps_on from {{ ref('int_survey_sendings') }} where survey_type = 'NPS'
    union
    select household_id, survey_date from {{ ref('fct_nps_surveys') }}
),

features as (
    select
        occurrences.household_id,
        occurrences.subject_id,
        occurrences.due_on,
        count(distinct uses.feature_name) as features_used
    from occurrences
    inner join {{ ref('int_feature_days') }} as uses
        on
            occurrences.household_id = uses.household_id
            and uses.activity_date between occurrences.due_on - {{ feature_days - 1 }} and occurrences.due_on
            and uses.tier in ('advanced', 'premium')
    where occurrences.least_features is not null
    group by occurrences.household_id, occurrences.subject_id, occurrences.due_on
),

dated as (
    select occurrences.*, active.activity_date, sendings.sent_on as earlier_sending, nps.nps_on as earlier_nps
    from occurrences
    asof left join active on occurrences.household_id = active.household_id and occurrences.due_on >= active.activity_date
    asof left join sendings on occurrences.household_id = sendings.household_id and occurrences.due_on >= sendings.sent_on
    asof left join nps on occurrences.household_id = nps.household_id and occurrences.due_on >= nps.nps_on
)

select
    dated.household_id,
    dated.trigger,
    dated.subject_id,
    dated.survey_type,
    dated.priority,
    dated.due_on,
    dated.is_customer or dated.asks_leavers as may_be_asked,
    dated.active_days is null or coalesce(dated.due_on - dated.activity_date < dated.active_days, false) as is_active_enough,
    dated.least_features is null or coalesce(features.features_used >= dated.least_features, false) as is_early_adopter,
    case when dated.due_on - dated.earlier_sending < {{ any_days }} then dated.earlier_sending end as any_sent_on,
    case when dated.survey_type = 'NPS' and dated.due_on - dated.earlier_nps < {{ nps_days }} then dated.earlier_nps end as nps_on
from dated
left join features
    on
        dated.household_id = features.household_id
        and dated.subject_id = features.subject_id
        and dated.due_on = features.due_on
