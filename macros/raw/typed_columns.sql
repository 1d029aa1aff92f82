{#- The select list of a raw table: each column of its contract cast to its type; null where an optional one is missing. A
    column may arrive under the name of its contract or under one of config.meta.also in its source YAML; the first that is
    there is read. Control columns (when the row was deleted, whether it is live) are read by row_flag() alone. -#}
{% macro typed_columns(source_name, table_name) %}
    {% for column in mapped_columns(source_name, table_name) if not column.control %}
        {{ read_column(column) }} as {{ column.name }}
        {{- ',' if not loop.last }}
    {% endfor %}
{% endmacro %}
