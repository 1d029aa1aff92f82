{#- Days since the last activity of a household at a score date. The day of signup counts as activity. Null
    without events or members. -#}
{% macro days_since_last_activity(customers, last_activity_date) %}
    {%- if not (source_is_present('product', 'events') and source_is_present('app', 'household_members')) -%}
        {{- return('cast(null as bigint)') -}}
    {%- endif -%}
    {{ customers }}.score_date
    - greatest(coalesce({{ last_activity_date }}, {{ customers }}.signup_date), {{ customers }}.signup_date)
{%- endmacro %}
