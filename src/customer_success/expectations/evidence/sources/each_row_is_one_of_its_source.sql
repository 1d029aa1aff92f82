-- Rows that the source of truth does not have, and rows beyond the first of a key.
with marts as (
    select 'dim_households' as mart, household_id as key from analytics.dim_households
    union all
    select 'dim_members', member_id from analytics.dim_members
    union all
    select 'dim_subscriptions', subscription_id from analytics.dim_subscriptions
    union all
    select 'fct_payments', charge_id from analytics.fct_payments
    union all
    select 'fct_support_tickets', ticket_id from analytics.fct_support_tickets
    union all
    select 'fct_nps_surveys', response_id from analytics.fct_nps_surveys
    union all
    select 'fct_csat_responses', response_id from analytics.fct_csat_responses
    union all
    select 'fct_survey_invitations', invitation_id from analytics.fct_survey_invitations
),

sources as (
    select 'dim_households' as mart, household_id as key from staging.stg_app__households
    union all
    select 'dim_members', member_id from staging.stg_app__household_members
    union all
    select distinct 'dim_subscriptions', subscription_id from staging.stg_stripe__subscription_history
    union all
    select 'fct_payments', charge_id from staging.stg_stripe__charge
    union all
    select 'fct_support_tickets', ticket_id from staging.stg_zendesk__ticket
    union all
    select 'fct_nps_surveys', response_id from staging.stg_survey__response where survey_type = 'NPS'
    union all
    select 'fct_csat_responses', response_id from staging.stg_survey__response where survey_type = 'CSAT'
    union all
    select 'fct_survey_invitations', invitation_id from staging.stg_survey__invitation
)

select
    m.mart as item,
    count(*) filter (where s.key is null) + count(*) - count(distinct m.key) as observed,
    0 as expected
from marts as m
left join sources as s on m.mart = s.mart and m.key = s.key
group by m.mart
