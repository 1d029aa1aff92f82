{#- The day before the latest value in the given raw columns [(source, table, column)], or none. -#}
{% macro latest_raw_day(columns) %}
    {% set queries = [] %}
    {% for source_name, table_name, column in columns if source_is_present(source_name, table_name) %}
        {% set relation = source(source_name, table_name) %}
        {% set found = raw_columns()[relation.schema ~ '.' ~ relation.identifier][column] %}
        {% do queries.append('select max(' ~ cast_column(column, found, 'TIMESTAMP') ~ ') as latest from ' ~ relation) %}
    {% endfor %}
    {% if not queries %}{{ return(none) }}{% endif %}
    {{ return(run_query('select cast(max(latest) as date) - 1 from (' ~ queries | join(' union all ') ~ ') as found').rows[0][0]) }}
{% endmacro %}
