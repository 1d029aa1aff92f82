-- What triggers a survey once; the survey falls due after the delay of its trigger.
with merged as (
    select ticket_id, min(valid_from) as merged_on from {{ ref('int_ticket_periods') }} where is_merged group by ticket_id
)

select household_id, 'exit' as trigger, cast(null as varchar) as subject_id, downgrade_date as happened_on
from {{ ref('fct_subscription_changes') }}
where downgrade_date is not null
union
select household_id, 'exit', null, churned_at from {{ ref('int_household_churn_spells') }}
union
select tickets.household_id, 'ticket_solved', tickets.ticket_id, cast(solutions.solved_at as date)
from {{ ref('int_ticket_solutions') }} as solutions
inner join {{ ref('stg_zendesk__ticket') }} as tickets on solutions.ticket_id = tickets.ticket_id
left join merged on tickets.ticket_id = merged.ticket_id
where cast(solutions.solved_at as date) < {{ open_end('merged.merged_on') }}
union
select household_id, 'onboarding', null, signup_date from {{ ref('int_household_signups') }}
union
select household_id, 'post_upgrade', null, upgrade_date
from {{ ref('fct_subscription_changes') }}
where upgrade_date is not null
union
select uses.household_id, 'feature_first_use', uses.feature_name, cast(uses.first_used_at as date)
from {{ ref('int_feature_first_last_uses') }} as uses
inner join {{ ref('features') }} as catalogue on uses.feature_name = catalogue.feature_name
where catalogue.tier in ('advanced', 'premium')
