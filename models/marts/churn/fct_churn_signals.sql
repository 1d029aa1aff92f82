-- depends_on: {{ ref('int_household_score_dates') }}
{{ config(
    materialized='incremental',
    meta={'date_column': 'score_date', 'history': 'published', 'households': 'int_household_score_dates'}
) }}

{%- set rules = rule_rows('churn_signals', order_by='signal') %}

with metrics as (
    select * from {{ ref('int_churn_metrics') }} where score_date >= {{ first_day() }}
),

signals as (
    {%- for rule in rules %}
    select household_id, score_date, '{{ rule.signal }}' as signal, cast({{ rule.metric }} as double) as value
    from metrics
    where {{ rule_holds(rule, rule.threshold) }}{% if rule.current_only %} and is_current{% endif %}
    union all
    {%- endfor %}
    select household_id, score_date, null, null from metrics where false
)

select
    signals.household_id,
    signals.score_date,
    signals.signal,
    rules.severity,
    signals.value,
    cast(rules.threshold as double) as threshold,
    rules.description
from signals
inner join {{ ref('churn_signals') }} as rules on signals.signal = rules.signal
order by score_date
