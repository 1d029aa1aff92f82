{#- A condition: the amount is in a currency that is not the reporting one. -#}
{% macro other_currency(column) %}
    {{- return("lower(" ~ column ~ ") is distinct from '" ~ (var('reporting_currency') | lower) ~ "'") -}}
{% endmacro %}
