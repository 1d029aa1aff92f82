{{ config(
    materialized='incremental',
    incremental_strategy='replace_score_dates',
    on_schema_change='fail',
    post_hook="{{ note_applied() }}"
) }}

{%- set rules = ['health', 'inactivity', 'tickets', 'critical_tickets', 'failed_charges', 'leaving'] %}

with contributions as (
    select
        household_id,
        score_date,
        is_current
        {%- for rule in rules %},
        {{ risk_points(rule) }} as {{ rule }}_points
        {%- endfor %}
    from {{ ref('int_churn_metrics') }}
    where score_date >= {{ first_score_date() }}
),

-- What is unknown adds nothing; where nothing at all is known there is no score.
scored as (
    select
        *,
        case when coalesce({{ rules | join('_points, ') }}_points) is not null
            then least(100{% for rule in rules %}{{ ', ' if loop.first else ' + ' }}coalesce({{ rule }}_points, 0){% endfor %})
        end as churn_risk_score
    from contributions
)

select
    household_id,
    score_date,
    is_current,
    churn_risk_score,
    {{ band_in('churn_risk_bands', 'churn_risk_score') }} as churn_risk_segment
    {%- for rule in rules %},
    {{ rule }}_points
    {%- endfor %}
from scored
