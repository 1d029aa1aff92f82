{#- SQL for when the source says that a raw row was last changed; null where it does not say. -#}
{% macro row_updated_at(source_name, table_name) %}
    {% for column in mapped_columns(source_name, table_name) if column.name == 'updated_at' %}
        {{ return(read_column(column)) }}
    {% endfor %}
    {{ return('cast(null as timestamp)') }}
{% endmacro %}
