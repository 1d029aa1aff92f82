with assignments as (
    select household_id, owner_id from {{ ref('fct_csm_assignments') }} where owner_id is not null
),

households as (
    select household_id, mrr from {{ ref('int_households') }}
),

health as (
    select household_id, health_score, daily_status from {{ ref('fct_customer_health') }} where is_current
),

lifecycle as (
    select household_id, stage_today from {{ ref('fct_lifecycle_stages') }} where is_current
),

engagement as (
    select household_id, engagement_score, engagement_level
    from {{ ref('fct_customer_engagement') }}
    where is_complete
    qualify month_start = max(month_start) over ()
),

renewals as (
    select household_id, {{ sum_if_known('mrr', 'true') }} as mrr
    from {{ ref('fct_renewals') }}
    where status = 'ahead' and renewal_on between {{ as_of_date() }} + 1 and {{ as_of_date() }} + {{ var('portfolio_renewal_days') }}
    group by household_id
),

overdue as (
    select household_id, count(*) as loops from {{ ref('fct_feedback_loops') }} where status = 'overdue' group by household_id
),

summed as (
    select
        assignments.owner_id,
        count(*) as customers,
        {{ sum_if_known('households.mrr', 'true') }} as mrr,
        avg(health.health_score) as avg_health_score,
        count(*) filter (where lifecycle.stage_today = 'at_risk') as at_risk,
        count(*) filter (where health.daily_status = 'critical') as critical,
        {%- for level in ['high', 'medium', 'low'] %}
        count(*) filter (where engagement.engagement_level = '{{ level }}') as engagement_{{ level }},
        {%- endfor %}
        count(*) filter (where engagement.engagement_level is null) as engagement_unknown,
        avg(engagement.engagement_score) as avg_engagement_score,
        count(renewals.household_id) as renewals_90d,
        {{ sum_if_known('renewals.mrr', 'renewals.household_id is not null') }} as renewal_mrr_90d,
        cast(sum(overdue.loops) as bigint) as overdue_follow_ups
    from assignments
    left join households on assignments.household_id = households.household_id
    left join health on assignments.household_id = health.household_id
    left join lifecycle on assignments.household_id = lifecycle.household_id
    left join engagement on assignments.household_id = engagement.household_id
    left join renewals on assignments.household_id = renewals.household_id
    left join overdue on assignments.household_id = overdue.household_id
    group by assignments.owner_id
)

{%- set counts = [
    'customers', 'at_risk', 'critical', 'engagement_high', 'engagement_medium', 'engagement_low', 'engagement_unknown',
    'renewals_90d'
] %}

select
    csms.owner_id,
    {%- for column in counts %}
    coalesce(summed.{{ column }}, 0) as {{ column }},
    {%- endfor %}
    csms.portfolio_size,
    {{ safe_ratio('coalesce(summed.customers, 0)', 'csms.portfolio_size') }} as utilization,
    case when summed.owner_id is null then 0 else summed.mrr end as mrr,
    summed.avg_health_score,
    summed.avg_engagement_score,
    case when summed.owner_id is null then 0 else summed.renewal_mrr_90d end as renewal_mrr_90d,
    {{ 'coalesce(summed.overdue_follow_ups, 0)' if loops_are_known() else 'cast(null as bigint)' }} as overdue_follow_ups
from {{ ref('int_csms') }} as csms
left join summed on csms.owner_id = summed.owner_id
