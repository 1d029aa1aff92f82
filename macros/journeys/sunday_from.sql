{#- The first Sunday on or after a day. -#}
{% macro sunday_from(day) %}
    {{- return('(cast(' ~ dbt.date_trunc('week', day) ~ ' as date) + 6)') -}}
{% endmacro %}
