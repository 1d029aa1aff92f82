{#- A value brought within bounds; unknown stays unknown (DuckDB's least and greatest would pass over it). -#}
{% macro clip(value, low, high) %}
    {{- return('case when ' ~ value ~ ' is not null then greatest(' ~ low ~ ', least(' ~ high ~ ', ' ~ value ~ ')) end') -}}
{% endmacro %}
