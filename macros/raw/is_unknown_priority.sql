{#- SQL condition: a column has a value that is none of Zendesk's priorities (seed zendesk_priorities). -#}
{% macro is_unknown_priority(column) %}
    {{- return(column ~ ' is not null and ' ~ column ~ ' not in (select zendesk_priority from ' ~ ref('zendesk_priorities') ~ ')') -}}
{% endmacro %}
