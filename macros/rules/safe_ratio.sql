{#- A ratio that is null where the denominator is 0 or null: never infinite, never 0 by default. Floating point, so that
    integers are not divided as integers. -#}
{% macro safe_ratio(numerator, denominator) %}
    {{- return('(cast(' ~ numerator ~ ' as double) / nullif(cast(' ~ denominator ~ ' as double), 0))') -}}
{% endmacro %}
