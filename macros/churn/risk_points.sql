{#- The points that a rule of seed churn_risk_rules adds to the churn risk score: an integer, null where its metric is null. -#}
{% macro risk_points(part) %}
    {%- set rules = rule_rows('churn_risk_rules', "part = '" ~ part ~ "'") -%}
    {%- if not rules -%}{{- return('cast(null as integer)') -}}{%- endif -%}
    cast(
        case when {{ rules[0]['metric'] }} is not null
            then
                {{ points_of_metric(rules) }}
        end as integer
    )
{%- endmacro %}
