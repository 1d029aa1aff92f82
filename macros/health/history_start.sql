{#- SQL of the day before the first score date: of the published history ('published'), or of the longer scored history
    ('scored'), which includes the earlier Sundays that changes over health_trend_days need. -#}
{% macro history_start(history) %}
    {%- set look_back = var('health_trend_days') if history == 'scored' else 0 -%}
    {{- return('(' ~ as_of_date() ~ ' - ' ~ (7 * var('history_weeks') + look_back) ~ ')') -}}
{% endmacro %}
