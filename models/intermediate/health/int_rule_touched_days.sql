{{ config(
    materialized='incremental',
    incremental_strategy='replace_all',
    meta={'date_column': none, 'logs': {'days': ['day'], 'columns': ['entity', 'fingerprint']}},
    post_hook="{{ log_touched_days() }}"
) }}

-- Rules apply to all days, so a changed rule touches all of them.
with fingerprints as (
    select 'health_rules' as entity, cast(sum(hash(rules)) as varchar) as fingerprint from {{ ref('dim_health_rules') }} as rules
    union all
    select 'churn_risk_rules', cast(sum(hash(rules)) as varchar) from {{ ref('churn_risk_rules') }} as rules
    union all
    select 'churn_risk_bands', cast(sum(hash(rules)) as varchar) from {{ ref('churn_risk_bands') }} as rules
    union all
    select 'churn_signals', cast(sum(hash(rules)) as varchar) from {{ ref('churn_signals') }} as rules
)

select entity, date '1900-01-01' as day, fingerprint
from fingerprints
