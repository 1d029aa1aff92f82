{%- set rules = rule_rows('churn_risk_factors', order_by='type') %}

with metrics as (
    select * from {{ ref('int_churn_metrics') }} where is_current
),

factors as (
    {%- for rule in rules %}
    select household_id, '{{ rule.type }}' as type
    from metrics
    where {{ rule_holds(rule, rule.bound) }}
    union all
    {%- endfor %}
    select household_id, null from metrics where false
)

select factors.household_id, rules.type, rules.severity, rules.description, cast(rules.impact as double) as impact
from factors
inner join {{ ref('churn_risk_factors') }} as rules on factors.type = rules.type
