{#- The day before the first score date, as SQL: of the published history ('published'), or of the Sundays before it too,
    which its first rows look back on ('scored'). -#}
{% macro history_start(history) %}
    {%- set look_back = var('health_trend_days') if history == 'scored' else 0 -%}
    {{- return('(' ~ as_of_date() ~ ' - ' ~ (7 * var('history_weeks') + look_back) ~ ')') -}}
{% endmacro %}
