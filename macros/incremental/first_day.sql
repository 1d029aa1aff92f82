{#- The first day whose rows the running model builds, as a date literal: the earliest of the touched days that it has not
    applied, of the as_of_date of its last build (that day, or a period around it, was not over) and of as_of_date. All
    days in a full build, and where the model was never built with these vars. -#}
{% macro first_day() %}
    {%- set found = touched() if execute and is_incremental() else {} -%}
    {%- if not found.last_as_of_date -%}{{- return("date '1900-01-01'") -}}{%- endif -%}
    {%- set days = [run_query('select ' ~ as_of_date()).rows[0][0] | string, found.last_as_of_date | string] -%}
    {%- if found.first_day -%}{%- do days.append(found.first_day | string) -%}{%- endif -%}
    {{- return("date '" ~ days | min ~ "'") -}}
{% endmacro %}
