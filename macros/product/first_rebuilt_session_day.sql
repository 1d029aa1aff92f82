{#- For a pre-hook of fct_household_activity: SQL of the earliest first day of a session that this build may split differently.
    A session that was open when the first rebuilt day began may continue into that day. -#}
{% macro first_rebuilt_session_day() %}
    {%- set running = 'select min(cast(login_at as date)) from ' ~ this ~ ' where logout_at >= cast(' ~ first_day()
        ~ ' as timestamp) - interval ' ~ var('session_gap_minutes') ~ ' minute' -%}
    {{- return('least(' ~ first_day() ~ ', (' ~ running ~ '))') -}}
{% endmacro %}
