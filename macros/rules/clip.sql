{#- A value clipped to bounds; null stays null (DuckDB's least and greatest ignore nulls). -#}
{% macro clip(value, low, high) %}
    {{- return('case when ' ~ value ~ ' is not null then greatest(' ~ low ~ ', least(' ~ high ~ ', ' ~ value ~ ')) end') -}}
{% endmacro %}
