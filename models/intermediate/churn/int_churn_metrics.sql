{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

with customers as (
    select *
    from {{ ref('int_household_score_dates') }}
    where score_date > {{ history_start('published') }} and score_date >= {{ first_day() }}
),

metrics as (
    select
        customers.household_id,
        customers.score_date,
        customers.is_current,
        customers.days_since_signup,
        parts.guide_score,
        {{ days_since_last_activity('customers', 'activity.last_activity_date') }} as days_since_last_activity,
        activity.days_since_last_login,
        -- Declines are positive fractions; a decline from 0 is undefined (decision 14).
        {%- for fall, metric in [
            ('events', 'events_{}30'), ('daily_actives', 'active_member_days_{}14'), ('tasks', 'tasks_{}14')
        ] %}
        {%- set now, before = 'activity.' ~ metric.format(''), 'activity.' ~ metric.format('prev_') %}
        {{ safe_ratio(before ~ ' - ' ~ now, before) }} as {{ fall }}_drop,
        {%- endfor %}
        surveys.nps_score,
        surveys.mean_csat_30,
        tickets.tickets_30,
        tickets.open_tickets,
        tickets.unresolved_critical_tickets,
        tickets.critical_tickets_over_48h,
        tickets.competitor_tickets_90,
        billing.failed_charges_30,
        billing.failed_charges_90,
        changes.downgrades_60,
        changes.downgrades_90,
        changes.requests_30,
        -- Null without billing data, because is_in_force is then null.
        cast(customers.is_in_force and coalesce(billing.cancel_at_period_end, false) as integer) as scheduled_cancellations,
        relations.champions_left_90,
        changes.pets_added_60,
        changes.members_joined_60,
        features.features_first_used_90,
        sentiment.mean_sentiment_90
    from customers
    inner join {{ ref('int_activity_at_score_dates') }} as activity using (household_id, score_date)
    inner join {{ ref('int_surveys_at_score_dates') }} as surveys using (household_id, score_date)
    inner join {{ ref('int_tickets_at_score_dates') }} as tickets using (household_id, score_date)
    inner join {{ ref('int_billing_at_score_dates') }} as billing using (household_id, score_date)
    inner join {{ ref('int_relations_at_score_dates') }} as relations using (household_id, score_date)
    inner join {{ ref('int_features_at_score_dates') }} as features using (household_id, score_date)
    inner join {{ ref('int_sentiment_at_score_dates') }} as sentiment using (household_id, score_date)
    inner join {{ ref('int_changes_at_score_dates') }} as changes using (household_id, score_date)
    inner join {{ ref('int_health_parts') }} as parts using (household_id, score_date)
),

-- True if either of two sources shows a cancellation; false only if both are known and show none.
cancelled as (
    select
        * exclude (requests_30, scheduled_cancellations),
        case
            when requests_30 > 0 or scheduled_cancellations > 0
                then coalesce(requests_30, 0) + coalesce(scheduled_cancellations, 0)
            else requests_30 + scheduled_cancellations
        end as cancellations_30
    from metrics
)

-- A cancellation takes precedence over a downgrade.
select
    *,
    case
        when cancellations_30 > 0 then 2
        when downgrades_90 > 0 then 1
        when cancellations_30 = 0 and downgrades_90 = 0 then 0
    end as leaving_step
from cancelled
order by score_date
