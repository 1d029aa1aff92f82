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

retention as (
    select retention.*
    from {{ ref('int_health_retention_b2b') }} as retention
    inner join customers using (household_id, score_date)
),

graded as (
    select graded.*
    from {{ ref('int_health_graded') }} as graded
    inner join customers using (household_id, score_date)
),

scores as (
    select
        household_id,
        score_date,
        'guide_v1' as health_model,
        guide_score as overall_score,
        guide_known_weight as known_weight,
        {{ band_of('guide_v1', 'guide_score') }} as segment,
        product_usage as product_usage_score,
        feature_adoption as feature_adoption_score,
        support_health as support_score,
        engagement as engagement_score,
        payment as payment_score,
        cast(null as decimal(12, 9)) as financial_score,
        cast(null as decimal(12, 9)) as value_delivery_score,
        cast(null as decimal(12, 9)) as relationship_score
    from parts
    union all
    select
        household_id,
        score_date,
        'value_v2',
        value_score,
        value_known_weight,
        {{ band_of('value_v2', 'value_score') }},
        product_usage,
        feature_adoption,
        support_engagement,
        engagement,
        payment,
        null,
        value_delivery,
        null
    from parts
    {%- for model in ['retention_b2b', 'graded'] %}
    union all
    select
        household_id,
        score_date,
        '{{ model }}',
        overall_score,
        known_weight,
        {{ band_of(model, 'overall_score') }},
        product_usage,
        null,
        support,
        engagement,
        null,
        financial,
        null,
        relationship
    from {{ 'retention' if model == 'retention_b2b' else model }}
    {%- endfor %}
)

select
    household_id,
    score_date,
    health_model,
    overall_score,
    cast(known_weight as decimal(9, 6)) as known_weight,
    segment,
    cast(product_usage_score as decimal(9, 6)) as product_usage_score,
    cast(feature_adoption_score as decimal(9, 6)) as feature_adoption_score,
    cast(support_score as decimal(9, 6)) as support_score,
    cast(engagement_score as decimal(9, 6)) as engagement_score,
    cast(payment_score as decimal(9, 6)) as payment_score,
    cast(financial_score as decimal(9, 6)) as financial_score,
    cast(value_delivery_score as decimal(9, 6)) as value_delivery_score,
    cast(relationship_score as decimal(9, 6)) as relationship_score
from scores
order by score_date
