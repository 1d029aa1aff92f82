{#- The daily status of a household: the first rule of seed daily_statuses that holds, by its score or by its number of
    trend alerts. If the score is unknown, only alerts decide; without them the status is null. -#}
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
