{#- A yes or no from a left join: no where there is no row, unknown where the raw table it stands in is absent. -#}
{% macro flag_or_unknown(column, source_name, table_name) %}
    {{- return('coalesce(' ~ column ~ ', false)' if source_is_present(source_name, table_name) else 'cast(null as boolean)') -}}
{% endmacro %}
