{#- Pre-hook of fct_household_activity: the earliest day on which a session begins that this build may cut anew, as SQL. One
    that was still running when the first day began may go on in it. -#}
{% macro first_touched_session() %}
    {%- set running = 'select min(cast(login_at as date)) from ' ~ this ~ ' where logout_at >= cast(' ~ first_day()
        ~ ' as timestamp) - interval ' ~ var('session_gap_minutes') ~ ' minute' -%}
    {{- return('least(' ~ first_day() ~ ', (' ~ running ~ '))') -}}
{% endmacro %}
