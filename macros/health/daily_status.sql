{#- The daily status of a household: the first matching rule of seed daily_statuses, by score or by number of trend alerts.
    Where the score is null, only alerts count; without alerts the status is null. -#}
{% macro daily_status(score, alerts) %}
    {%- set rules = rule_rows('daily_statuses') -%}
    {%- if not rules -%}{{- return('cast(null as varchar)') -}}{%- endif -%}
    case
    {%- for rule in rules %}
        {%- if rule['score_below'] is not none %}
        when {{ score }} < {{ rule['score_below'] }} or {{ alerts }} >= {{ rule['min_alerts'] }} then '{{ rule['daily_status'] }}'
        {%- else %}
        when {{ score }} is not null then '{{ rule['daily_status'] }}'
        {%- endif %}
    {%- endfor %}
    end
{%- endmacro %}
