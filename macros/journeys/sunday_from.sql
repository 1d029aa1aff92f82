{#- The first Sunday on or after a day. -#}
{% macro sunday_from(day) %}
    {{- return('(' ~ day ~ ' + cast((7 - dayofweek(' ~ day ~ ')) % 7 as integer))') -}}
{% endmacro %}
