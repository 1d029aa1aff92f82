{#- A count from a left join: 0 where no row matches, null where the raw table is absent. -#}
{% macro count_or_unknown(column, source_name, table_name) %}
    {{- return('coalesce(' ~ column ~ ', 0)' if source_is_present(source_name, table_name) else 'cast(null as bigint)') -}}
{% endmacro %}
