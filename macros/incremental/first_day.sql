{#- The first day whose rows the running model rebuilds, as a date literal: the earliest of (a) the touched days that it has
    not applied, (b) the as_of_date of its last build, because that day or a period around it was incomplete, and (c)
    as_of_date. In a full build, or where no earlier build of the model with the same vars is recorded, all days. -#}
{% macro first_day() %}
    {%- set found = unapplied_touched_days() if execute and is_incremental() else {} -%}
    {%- if not found.last_as_of_date -%}{{- return("date '1900-01-01'") -}}{%- endif -%}
    {%- set days = [run_query('select ' ~ as_of_date()).rows[0][0] | string, found.last_as_of_date | string] -%}
    {%- if found.first_day -%}{%- do days.append(found.first_day | string) -%}{%- endif -%}
    {{- return("date '" ~ days | min ~ "'") -}}
{% endmacro %}
