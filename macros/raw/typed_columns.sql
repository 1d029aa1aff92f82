{#- The select list of a raw table: each column of its contract cast to its type; null where an optional one is missing. A
    column that already has its type is not cast, so that DuckDB can push filters down to Parquet statistics. -#}
{% macro typed_columns(source_name, table_name) %}
    {% set relation = load_relation(source(source_name, table_name)) if execute else none %}
    {% set present = {} %}
    {% for column in (adapter.get_columns_in_relation(relation) if relation else []) %}
        {% do present.update({column.name | lower: column.dtype | upper}) %}
    {% endfor %}
    {% for column in raw_contract(source_name, table_name) %}
        {% if column.name not in present %}
            cast(null as {{ column.type }}) as {{ column.name }}
        {% else %}
            {{ cast_column('source_row.' ~ column.name, present[column.name], column.type) }} as {{ column.name }}
        {% endif %}
        {{- ',' if not loop.last }}
    {% endfor %}
{% endmacro %}
