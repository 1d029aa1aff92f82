-- depends_on: {{ ref('int_household_score_dates') }}
{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

{%- set rules = ['health', 'inactivity', 'tickets', 'critical_tickets', 'failed_charges', 'leaving'] %}

with contributions as (
    select
        household_id,
        score_date,
        {%- for rule in rules %}
        {{ risk_points(rule) }} as {{ rule }}_points,
        {%- endfor %}
        is_current
    from {{ ref('int_churn_metrics') }}
    where score_date >= {{ first_day() }}
),

-- Null points add 0; the sum is null if all are null.
summed as (
    select
        *,
        list_sum([
            {{ rules | join('_points,\n            ') }}_points
        ]) as points
    from contributions
),

scored as (
    select *, cast(case when points is not null then least(100, points) end as integer) as churn_risk_score
    from summed
)

select
    household_id,
    score_date,
    is_current,
    churn_risk_score,
    {{ band_in('churn_risk_bands', 'churn_risk_score') }} as churn_risk_segment,
    {{ rules | join('_points,\n    ') }}_points
from scored
order by score_date
