{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

with customers as (
    select household_id, score_date
    from {{ ref('int_household_score_dates') }}
    where score_date > {{ history_start('published') }} and score_date >= {{ first_day() }}
),

parts as (
    select parts.*
    from {{ ref('int_health_parts') }} as parts
    inner join customers using (household_id, score_date)
),

retention_b2b as (
    select retention_b2b.*
    from {{ ref('int_health_retention_b2b') }} as retention_b2b
    inner join customers using (household_id, score_date)
),

graded as (
    select graded.*
    from {{ ref('int_health_graded') }} as graded
    inner join customers using (household_id, score_date)
),

-- By name: a part that a scorecard does not have is null.
scores as (
    select
        household_id, score_date, 'guide_v1' as health_model,
        guide_score as overall_score,
        guide_known_weight as known_weight,
        {{ band_of('guide_v1', 'guide_score') }} as segment,
        support_health as support,
        product_usage, feature_adoption, engagement, payment
    from parts
    union all by name
    select
        household_id, score_date, 'value_v2' as health_model,
        value_score as overall_score,
        value_known_weight as known_weight,
        {{ band_of('value_v2', 'value_score') }} as segment,
        support_engagement as support,
        product_usage, feature_adoption, engagement, payment, value_delivery
    from parts
    {%- for model in ['retention_b2b', 'graded'] %}
    union all by name
    select
        household_id, score_date, '{{ model }}' as health_model,
        overall_score,
        known_weight,
        {{ band_of(model, 'overall_score') }} as segment,
        product_usage, support, engagement, financial, relationship
    from {{ model }}
    {%- endfor %}
)

select
    household_id,
    score_date,
    health_model,
    overall_score,
    cast(known_weight as decimal(9, 6)) as known_weight,
    segment,
    cast(product_usage as decimal(9, 6)) as product_usage_score,
    cast(feature_adoption as decimal(9, 6)) as feature_adoption_score,
    cast(support as decimal(9, 6)) as support_score,
    cast(engagement as decimal(9, 6)) as engagement_score,
    cast(payment as decimal(9, 6)) as payment_score,
    cast(financial as decimal(9, 6)) as financial_score,
    cast(value_delivery as decimal(9, 6)) as value_delivery_score,
    cast(relationship as decimal(9, 6)) as relationship_score
from scores
order by score_date
