{#- The earliest end of a period that the running model must build again, as a date literal. A full build: all. Else the
    earliest of what the log of rebuilds has noted since, of as_of_date, and of the day of the model's last build, on which
    its trailing period ends: later ones were open. Without one nobody was active, and only what is noted can have changed it. -#}
{% macro first_period_end() %}
    {%- if not is_incremental() -%}{{- return("date '1900-01-01'") -}}{%- endif -%}
    {%- set last_build = "(select max(period_end) from " ~ this ~ " where period_grain like 'trailing%')" -%}
    {%- set found = run_query(
        'select least(' ~ as_of_date() ~ ', ' ~ rebuild_from(config.get('meta')['scopes']) ~ ', ' ~ last_build ~ ')'
    ).rows[0][0] if execute else none -%}
    {{- return("date '" ~ (found or '1900-01-01') ~ "'") -}}
{% endmacro %}
