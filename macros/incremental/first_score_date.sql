{#- The first score date whose rows the running model must build, as a date literal. A full build: all. Else the earliest
    of what the log of rebuilds has noted since, of the model's latest row (its current one may be no Sunday), and of as_of_date. -#}
{% macro first_score_date() %}
    {%- if not is_incremental() -%}{{- return("date '1900-01-01'") -}}{%- endif -%}
    {%- set found = run_query(
        'select least(' ~ as_of_date() ~ ', ' ~ rebuild_from(none) ~ ', (select max(score_date) from ' ~ this ~ '))'
    ).rows[0][0] if execute else none -%}
    {{- return("date '" ~ (found or '1900-01-01') ~ "'") -}}
{% endmacro %}
