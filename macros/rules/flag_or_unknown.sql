{#- A boolean from a left join: false where no row matches, null where the raw table is absent. -#}
{% macro flag_or_unknown(column, source_name, table_name) %}
    {{- return('coalesce(' ~ column ~ ', false)' if source_is_present(source_name, table_name) else 'cast(null as boolean)') -}}
{% endmacro %}
