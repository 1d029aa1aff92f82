{#- The day on which a period ends that has no end yet: later than any. A plain comparison with it lets DuckDB join by
    hash where 'is null or …' would compare each row with each. -#}
{% macro open_end(column) %}
    {{- return('coalesce(' ~ column ~ ", date '9999-12-31')") -}}
{% endmacro %}
