{#- [(source, table, '_fivetran_synced')] for each raw table that exists and has that column. -#}
{% macro synced_columns() %}
    {% set found = [] %}
    {% for node in graph.sources.values() %}
        {% set relation = load_relation(source(node.source_name, node.name)) %}
        {% for column in (adapter.get_columns_in_relation(relation) if relation else []) if column.name == '_fivetran_synced' %}
            {% do found.append((node.source_name, node.name, column.name)) %}
        {% endfor %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}
