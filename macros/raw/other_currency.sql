{#- SQL condition: the amount is not in the reporting currency. -#}
{% macro other_currency(column) %}
    {{- return("lower(" ~ column ~ ") is distinct from '" ~ (var('reporting_currency') | lower) ~ "'") -}}
{% endmacro %}
