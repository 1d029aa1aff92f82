{#- Change of a window against the one before, relative to the earlier (at least 1); unknown for a household too young to
    have had both windows (decision 43). -#}
{% macro relative_change(now, before, days_since_signup) %}
    {%- set change = 'cast(' ~ now ~ ' - ' ~ before ~ ' as double) / greatest(' ~ before ~ ', 1)' -%}
    {{- return('case when ' ~ days_since_signup ~ ' >= ' ~ var('trend_min_age_days') ~ ' then ' ~ change ~ ' end') -}}
{% endmacro %}
