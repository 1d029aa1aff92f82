{#- SQL condition: a column of the given kind ('TIMESTAMP', or 'other' for all other types) has a raw value that does not
    cast. Columns that already have their type are skipped. -#}
{% macro has_uncast_value(source_name, table_name, kind) %}
    {% set relation = load_relation(source(source_name, table_name)) if execute else none %}
    {% set conditions = ['false'] %}
    {% set types = {} %}
    {% for column in raw_contract(source_name, table_name) %}{% do types.update({column.name: column.type}) %}{% endfor %}
    {% for column in (adapter.get_columns_in_relation(relation) if relation else []) %}
        {% set name, found = column.name | lower, column.dtype | upper %}
        {% set wanted = types.get(name, found) %}
        {% if found != wanted and wanted != 'VARCHAR' and (wanted == 'TIMESTAMP') == (kind == 'TIMESTAMP') %}
            {% do conditions.append('(source_row.' ~ name ~ ' is not null and ' ~ cast_column('source_row.' ~ name, found, wanted) ~ ' is null)') %}
        {% endif %}
    {% endfor %}
    {{ return(conditions | join(' or ')) }}
{% endmacro %}
