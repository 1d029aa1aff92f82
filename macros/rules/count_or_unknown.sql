{#- A count from a left join: 0 where nothing was counted, unknown where the raw table it counts is absent. -#}
{% macro count_or_unknown(column, source_name, table_name) %}
    {{- return('coalesce(' ~ column ~ ', 0)' if source_is_present(source_name, table_name) else 'cast(null as bigint)') -}}
{% endmacro %}
