{#- Trend of a window against the preceding one: (now - before) / max(before, 1), clipped to -1 and 1; null for a household
    younger than both windows (var trend_min_age_days). -#}
{% macro trend(now, before, days_since_signup) %}
    {%- set change = 'cast(' ~ now ~ ' - ' ~ before ~ ' as double) / greatest(' ~ before ~ ', 1)' -%}
    {{- return('case when ' ~ days_since_signup ~ ' >= ' ~ var('trend_min_age_days') ~ ' then ' ~ clip(change, -1, 1) ~ ' end') -}}
{% endmacro %}
