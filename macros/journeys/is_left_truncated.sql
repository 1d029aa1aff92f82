{#- Whether a spell has no known beginning: it runs on the first Sunday of the history, and the household signed up before. -#}
{% macro is_left_truncated(signup_date, entered_on) %}
    {{- return(signup_date ~ ' < ' ~ first_score_date() ~ ' and ' ~ entered_on ~ ' <= ' ~ first_score_date()) -}}
{% endmacro %}
