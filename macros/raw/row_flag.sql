{#- SQL condition: one of the control columns of a raw table (source YAML: config.meta.control) has the given value. False where
    none of them is there. -#}
{% macro row_flag(source_name, table_name, names, value) %}
    {% set conditions = [] %}
    {% for column in mapped_columns(source_name, table_name) if column.name in names and column.found %}
        {% do conditions.append('coalesce(' ~ read_column(column) ~ ' = ' ~ value ~ ', false)') %}
    {% endfor %}
    {{ return('(' ~ conditions | join(' or ') ~ ')' if conditions else 'false') }}
{% endmacro %}
