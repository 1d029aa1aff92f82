{#- Condition of a rule of churn (a row of its seed): the metric against the bound, for households old enough for it. -#}
{% macro rule_holds(rule, bound) %}
    {{- rule.metric ~ ' ' ~ rule.operator ~ ' ' ~ bound }}
    {%- if rule.older_than_days is not none %} and days_since_signup > {{ rule.older_than_days }}{% endif -%}
{% endmacro %}
