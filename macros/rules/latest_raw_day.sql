{#- The day before the latest value in the given raw columns [(source, table, column)], or none. -#}
{% macro latest_raw_day(columns) %}
    {% set queries = [] %}
    {% for source_name, table_name, name in columns %}
        {% for column in mapped_columns(source_name, table_name) if column.name == name and column.found %}
            {% do queries.append('select max(' ~ read_column(column) ~ ') as latest from '
                ~ raw_relation(source_name, table_name) ~ ' as source_row') %}
        {% endfor %}
    {% endfor %}
    {% if not queries %}{{ return(none) }}{% endif %}
    {{ return(run_query('select cast(max(latest) as date) - 1 from (' ~ queries | join(' union all ') ~ ') as found').rows[0][0]) }}
{% endmacro %}
