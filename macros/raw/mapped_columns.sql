{#- The columns of a raw table's contract (raw_contract), each with the raw column that it is read from: found (its name) and
    found_type, or none. Of the name in the contract and those in `also` the first that is there is read, without case. -#}
{% macro mapped_columns(source_name, table_name) %}
    {% set relation = raw_relation(source_name, table_name) if execute else none %}
    {% set present = {} %}
    {% for column in (adapter.get_columns_in_relation(relation) if relation else []) %}
        {% do present.update({column.name | lower: column.dtype | upper}) %}
    {% endfor %}
    {% set columns = raw_contract(source_name, table_name) %}
    {% for column in columns %}
        {% do column.update(found_column(column, present)) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
