{#- The end of a period, with a far-future date for periods that are still open. A plain comparison lets DuckDB use a fast
    join; 'is null or …' would force a nested loop over all pairs. -#}
{% macro open_end(column) %}
    {{- return('coalesce(' ~ column ~ ", date '9999-12-31')") -}}
{% endmacro %}
