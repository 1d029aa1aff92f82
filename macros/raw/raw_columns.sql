{#- The columns of the raw tables that exist: {'<schema>.<table>': {name: type}}. An absent table has no entry. -#}
{% macro raw_columns() %}
    {% set schemas = graph.sources.values() | map(attribute='schema') | unique | join("', '") %}
    {% set found = {} %}
    {% for row in run_query(
        "select schema_name || '.' || table_name, lower(column_name), upper(data_type) from duckdb_columns() "
        ~ "where database_name = " ~ sql_text(target.database) ~ " and schema_name in ('" ~ schemas ~ "')"
    ).rows %}
        {% do found.setdefault(row[0], {}).update({row[1]: row[2]}) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
