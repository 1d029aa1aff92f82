with customers as (
    select customers.*, dates.is_snapshot, dates.is_previous
    from {{ ref('int_household_score_dates') }} as customers
    inner join {{ ref('int_churn_snapshot_dates') }} as dates on customers.score_date = dates.score_date
),

counts as (
    select * from {{ ref('int_snapshot_counts') }}
),

-- The severity of a ticket follows from its tags. If the desk keeps only current tags, past severities are unknown.
desk as (
    select count(*) > 0 as tags_have_history
    from {{ ref('stg_zendesk__ticket_field_history') }}
    where field_name = 'tags'
)

select
    customers.household_id,
    customers.score_date as snapshot_date,
    customers.is_current,
    customers.is_snapshot,
    customers.is_previous,
    customers.plan_type,
    billing.payment_status,
    cast(billing.billing_interval_months as double) as billing_interval_months,
    {%- for column, metric in [
        ('task_completion', 'activity.tasks_{}30'),
        ('login_frequency', 'activity.sessions_{}30'),
        ('session_duration', 'activity.mean_session_minutes_{}30')
    ] %}
    {{ trend(metric.format(''), metric.format('prev_'), 'customers.days_since_signup') }} as {{ column }}_trend,
    {%- endfor %}
    {{ safe_ratio('activity.active_member_days_7', '7 * members.active_members_7') }} as dau_wau_ratio,
    -- Clipped, because members who have left since also count as active.
    {{ clip(safe_ratio('members.active_members_30', 'customers.member_count'), 0, 1) }} as active_members_ratio,
    features.features_first_used_90 as new_features_adopted_90d,
    case when desk.tags_have_history then tickets.unresolved_critical_tickets > 0 end as has_unresolved_critical_ticket,
    tickets.tickets_30 as tickets_30d,
    tickets.tickets_90 as tickets_90d,
    surveys.mean_csat_90 as csat_90d,
    surveys.mean_csat_90 - surveys.mean_csat_30 as support_satisfaction_drop,
    sentiment.mean_sentiment_90 as sentiment_90d,
    customers.days_since_signup,
    activity.days_since_last_login,
    case when customers.is_in_force then billing.current_period_end_date - customers.score_date end as days_until_renewal,
    {{ safe_ratio('members.weekend_events_30', 'activity.events_30') }} as weekend_usage_ratio,
    {{ safe_ratio('members.peak_hour_events_30', 'activity.events_30') }} as peak_hour_usage,
    billing.failed_charges_90 as failed_charges_90d,
    relations.email_open_rate_90 as email_open_rate_90d,
    counts.expansions_365d,
    metrics.days_since_last_activity,
    cast(customers.mrr as double) as mrr,
    customers.member_count as members,
    counts.pets,
    surveys.nps_score as latest_nps,
    {%- for part in [
        'product_usage', 'feature_adoption', 'support_health', 'support_engagement', 'engagement', 'payment',
        'value_delivery', 'premium_adoption'
    ] %}
    cast(parts.{{ part }} as double) as {{ part }}_score,
    {%- endfor %}
    health.health_trend,
    health.score_change_28d as health_change_28d,
    risk.churn_risk_score
from customers
inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
inner join {{ ref('int_members_at_score_dates') }} as members using (household_id, score_date)
inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
inner join {{ ref('int_sentiment_at_score_dates') }} as sentiment using (household_id, score_date)
inner join {{ ref('int_billing_at_score_dates') }} as billing using (household_id, score_date)
inner join {{ ref('int_relations_at_score_dates') }} as relations using (household_id, score_date)
inner join {{ ref('int_churn_metrics') }} as metrics using (household_id, score_date)
inner join {{ ref('int_health_parts') }} as parts using (household_id, score_date)
inner join {{ ref('fct_customer_health') }} as health using (household_id, score_date)
inner join {{ ref('fct_churn_risk') }} as risk using (household_id, score_date)
inner join counts using (household_id, score_date)
cross join desk
