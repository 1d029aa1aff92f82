{#- The condition of a churn rule (a row of its seed): the metric compared with the bound, for households of sufficient age. -#}
{% macro rule_holds(rule, bound) %}
    {{- rule.metric ~ ' ' ~ rule.operator ~ ' ' ~ bound }}
    {%- if rule.older_than_days is not none %} and days_since_signup > {{ rule.older_than_days }}{% endif -%}
{% endmacro %}
