-- depends_on: {{ ref('int_household_score_dates') }}
{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

{%- set primary, grades = var('primary_health_model'), "('" ~ var('at_risk_grades') | join("', '") ~ "')" %}

with overall as (
    select * from {{ ref('int_health_overall') }}
),

-- Both alerts compare with the previous score date; a null score or grade raises no alert.
compared as (
    select
        current_scores.household_id,
        current_scores.score_date,
        current_scores.{{ primary }} as health_score,
        earlier.{{ primary }} as previous_score,
        current_scores.health_grade,
        earlier.health_grade as previous_grade
    from overall as current_scores
    inner join overall as earlier
        on current_scores.household_id = earlier.household_id and current_scores.previous_score_date = earlier.score_date
    where current_scores.score_date > {{ history_start('published') }} and current_scores.score_date >= {{ first_day() }}
)

select
    household_id,
    score_date,
    'health_score_drop' as alert,
    'high' as severity,
    health_score,
    previous_score,
    health_grade,
    previous_grade
from compared
where previous_score - health_score > {{ var('health_score_drop_points') }}
union all
select
    household_id,
    score_date,
    'customer_at_risk' as alert,
    'critical' as severity,
    health_score,
    previous_score,
    health_grade,
    previous_grade
from compared
where health_grade in {{ grades }} and previous_grade not in {{ grades }}
order by score_date
