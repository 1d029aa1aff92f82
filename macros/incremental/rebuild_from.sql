{#- The first day whose rows the running incremental model must build again, as a date literal; the end of time where
    nothing has changed. Late events move it back to the day on which they occurred. -#}
{% macro rebuild_from(scopes=['events', 'members']) %}
    {%- set day = pending_rebuild('rebuild_from', scopes) if execute else none -%}
    {{- return("date '" ~ (day or '9999-12-31') ~ "'") -}}
{% endmacro %}
