{{ config(materialized='table') }}

{%- set horizons = var('backtest_horizons') %}
{%- set settings = [var('primary_health_model'), var('backtest_replicates'), var('random_seed')] + horizons %}

with outcomes as (
    select * from {{ ref('int_health_outcomes') }} where days_known >= {{ horizons | min }}
),

bands as (
    select * from {{ ref('health_bands') }}
),

-- Hashes only the outcomes that the back-test uses; other outcomes change every day.
hashed as (
    select
        hash(
            household_number, score_date, guide_v1, value_v2, retention_b2b, graded, is_active_7d
            {%- for days in horizons %}, case when days_known >= {{ days }} then coalesce(days_to_left <= {{ days }}, false) end
            {%- endfor %}
        ) as fingerprint
    from outcomes
    union all
    select hash(health_model, band, min_score) as fingerprint from bands
    union all
    select hash('{{ settings | join(' ') }}') as fingerprint
)

select cast(sum(fingerprint) as varchar) as fingerprint from hashed
