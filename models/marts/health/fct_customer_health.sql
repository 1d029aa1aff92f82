{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

{%- set primary = var('primary_health_model') %}

with scores as (
    select *
    from {{ ref('fct_health_scores') }}
    where health_model = '{{ primary }}' and score_date >= {{ first_day() }}
),

overall as (
    select * from {{ ref('int_health_overall') }}
),

alerts as (
    select household_id, score_date, count(*) as negative_trend_count
    from {{ ref('fct_trend_alerts') }}
    where score_date >= {{ first_day() }}
    group by household_id, score_date
),

joined as (
    select
        scores.*,
        overall.is_current,
        overall.health_grade,
        scores.overall_score - trend.{{ primary }} as score_change_28d,
        coalesce(alerts.negative_trend_count, 0) as negative_trend_count,
        parts.premium_adoption as premium_adoption_score
    from scores
    inner join overall on scores.household_id = overall.household_id and scores.score_date = overall.score_date
    inner join {{ ref('int_health_parts') }} as parts
        on scores.household_id = parts.household_id and scores.score_date = parts.score_date
    left join overall as trend
        on overall.household_id = trend.household_id and overall.trend_score_date = trend.score_date
    left join alerts on scores.household_id = alerts.household_id and scores.score_date = alerts.score_date
)

select
    joined.household_id,
    joined.score_date,
    joined.score_date as metric_date,
    joined.is_current,
    joined.health_model,
    joined.overall_score as health_score,
    joined.known_weight,
    joined.product_usage_score,
    joined.feature_adoption_score,
    joined.support_score,
    joined.engagement_score,
    joined.payment_score,
    joined.value_delivery_score,
    cast(joined.premium_adoption_score as decimal(9, 6)) as premium_adoption_score,
    joined.segment as health_segment,
    joined.health_grade,
    {{ direction_of('joined.score_change_28d') }} as health_trend,
    joined.score_change_28d,
    joined.negative_trend_count,
    {{ daily_status('joined.overall_score', 'joined.negative_trend_count') }} as daily_status,
    surveys.nps_score,
    tickets.open_tickets,
    activity.days_since_last_login,
    customers.plan_type,
    customers.mrr
from joined
inner join {{ ref('int_household_score_dates') }} as customers
    on joined.household_id = customers.household_id and joined.score_date = customers.score_date
inner join {{ ref('int_surveys_at_score_dates') }} as surveys
    on joined.household_id = surveys.household_id and joined.score_date = surveys.score_date
inner join {{ ref('int_tickets_at_score_dates') }} as tickets
    on joined.household_id = tickets.household_id and joined.score_date = tickets.score_date
inner join {{ ref('int_activity_at_score_dates') }} as activity
    on joined.household_id = activity.household_id and joined.score_date = activity.score_date
order by score_date
