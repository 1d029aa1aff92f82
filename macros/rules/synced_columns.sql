{#- [(source, table, '_fivetran_synced')] for each raw table. -#}
{% macro synced_columns() %}
    {% set found = [] %}
    {% for source_name, tables in raw_tables().items() %}
        {% for table_name in tables %}{% do found.append((source_name, table_name, '_fivetran_synced')) %}{% endfor %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
