{#- The first Sunday of the published history, also where the data begin later: what already ran on it has no known beginning. -#}
{% macro first_score_date() %}
    {{- return(sunday_from('(' ~ history_start('published') ~ ' + 1)')) -}}
{% endmacro %}
