{#- Whether a raw table has a column of its contract, under any of its names. -#}
{% macro column_is_present(source_name, table_name, column_name) %}
    {% for column in (mapped_columns(source_name, table_name) if execute else []) if column.name == column_name %}
        {{ return(column.found is not none) }}
    {% endfor %}
    {{ return(true) }}
{% endmacro %}
