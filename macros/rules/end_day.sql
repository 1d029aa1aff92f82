{#- The first day on which something that ended at a moment is over. Connectors end a version a moment before the next one
    begins, so an end within a second before midnight is the next day. -#}
{% macro end_day(moment) %}
    {{- return('cast(' ~ moment ~ " + interval '1 second' as date)") -}}
{% endmacro %}
