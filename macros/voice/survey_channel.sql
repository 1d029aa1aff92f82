{#- The channel of a survey's answers: nps, csat or any other survey. -#}
{% macro survey_channel(survey_type) %}
    {{- return("case " ~ survey_type ~ " when 'NPS' then 'nps' when 'CSAT' then 'csat' else 'other survey' end") -}}
{% endmacro %}
