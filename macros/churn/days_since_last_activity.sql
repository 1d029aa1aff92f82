{#- Days since the last activity of a household at a score date. The day of signup counts as activity. Null
    where activity is unknown. -#}
{% macro days_since_last_activity(customers, last_activity_date) %}
    {%- if not activity_is_known() -%}{{- return('cast(null as bigint)') -}}{%- endif -%}
    {{ customers }}.score_date
    - greatest(coalesce({{ last_activity_date }}, {{ customers }}.signup_date), {{ customers }}.signup_date)
{%- endmacro %}
