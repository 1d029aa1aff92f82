{{ config(materialized='table') }}

with scores as (
    select * from {{ ref('fct_health_scores') }} where health_model = 'retention_b2b'
),

overall as (
    select household_id, score_date, trend_score_date, retention_b2b from {{ ref('int_health_overall') }}
)

select
    scores.household_id,
    scores.score_date,
    scores.overall_score,
    scores.known_weight,
    scores.product_usage_score,
    scores.engagement_score,
    scores.support_score,
    scores.financial_score,
    scores.relationship_score,
    {{ direction_of('scores.overall_score - earlier.retention_b2b') }} as health_trend
from scores
inner join overall as current_scores
    on scores.household_id = current_scores.household_id and scores.score_date = current_scores.score_date
left join overall as earlier
    on current_scores.household_id = earlier.household_id and current_scores.trend_score_date = earlier.score_date
