{#- A ratio that is unknown (null) where the denominator is 0 or unknown: never infinite, never 0 by default. It is
    computed in floating point, so whole numbers do not divide to whole numbers. -#}
{% macro safe_ratio(numerator, denominator) %}
    {{- return('(cast(' ~ numerator ~ ' as double) / nullif(cast(' ~ denominator ~ ' as double), 0))') -}}
{% endmacro %}
