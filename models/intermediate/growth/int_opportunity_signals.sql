-- The signals that hold on the day on which an opportunity was identified.
{%- set on_day = 'on spells.household_id = {0}.household_id and spells.identified_at = {0}.score_date' %}
with spells as (
    select opportunity_id, household_id, identified_at from {{ ref('int_opportunity_spells') }}
),

answers as (
    select household_id, survey_date, max_by(nps_score, (responded_at, response_id)) as nps_score
    from {{ ref('fct_nps_surveys') }}
    where nps_score is not null
    group by household_id, survey_date
),

achieved as (
    select household_id, min(achieved_on) as achieved_on from {{ ref('int_growth_achieved_criteria') }} group by household_id
),

renewals as (
    select household_id, valid_from, {{ open_end('valid_until') }} as valid_until, renewal_on
    from {{ ref('int_renewal_periods') }}
    where not is_cancellation_scheduled
),

held as (
    select spells.opportunity_id, 'approaching_limit' as signal
    from spells
    inner join {{ ref('int_growth_conditions') }} as conditions {{ on_day.format('conditions') }}
    where conditions.opportunity_type in ('user_expansion', 'storage_expansion', 'task_expansion')
    union
    select spells.opportunity_id, 'feature_attempts'
    from spells
    inner join {{ ref('int_growth_conditions') }} as conditions {{ on_day.format('conditions') }}
    where conditions.opportunity_type = 'add_features'
    union
    select spells.opportunity_id, 'team_growth'
    from spells
    inner join {{ ref('int_growth_sundays') }} as customers {{ on_day.format('customers') }}
    where customers.members_90d_ago > 0 and customers.member_count >= {{ var('team_growth_ratio') }} * customers.members_90d_ago
    union
    select spells.opportunity_id, 'success_metrics'
    from spells
    inner join achieved on spells.household_id = achieved.household_id and spells.identified_at >= achieved.achieved_on
    union
    select spells.opportunity_id, 'high_engagement'
    from spells
    inner join {{ ref('fct_customer_engagement') }} as engagement
        on
            spells.household_id = engagement.household_id
            and date_trunc('month', spells.identified_at) - interval 1 month = engagement.month_start
    where engagement.is_complete and engagement.engagement_score > {{ var('high_engagement_score') }}
    union
    select spells.opportunity_id, 'nps_promoter'
    from spells
    asof inner join answers on spells.household_id = answers.household_id and spells.identified_at >= answers.survey_date
    where
        answers.nps_score >= {{ var('promoter_score') }}
        and spells.identified_at - answers.survey_date < {{ var('nps_valid_days') }}
    union
    select spells.opportunity_id, 'renewal_approaching'
    from spells
    inner join renewals
        on
            spells.household_id = renewals.household_id
            and spells.identified_at >= renewals.valid_from
            and spells.identified_at < renewals.valid_until
    where renewals.renewal_on - spells.identified_at between 0 and {{ var('renewal_near_days') }}
)

select held.opportunity_id, list(held.signal order by signals.rule_order) as signals, sum(signals.weight) as weight
from held
inner join {{ ref('opportunity_signals') }} as signals on held.signal = signals.signal
group by held.opportunity_id
