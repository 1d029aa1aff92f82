{#- SQL condition: a column of the given kind ('TIMESTAMP', or 'other' for all other types) has a raw value that does not
    cast. Columns that already have their type are skipped. -#}
{% macro has_uncast_value(source_name, table_name, kind) %}
    {% set conditions = ['false'] %}
    {% for column in mapped_columns(source_name, table_name) if column.found and column.found_type != column.type %}
        {% if column.type != 'VARCHAR' and (column.type == 'TIMESTAMP') == (kind == 'TIMESTAMP') %}
            {% set value = 'source_row."' ~ column.found ~ '"' %}
            {% set cast_value = cast_column(value, column.found_type, column.type) %}
            {% do conditions.append('(' ~ value ~ ' is not null and ' ~ cast_value ~ ' is null)') %}
        {% endif %}
    {% endfor %}
    {{ return(conditions | join(' or ')) }}
{% endmacro %}
