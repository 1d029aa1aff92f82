{#- The declared columns of a raw table, from its source YAML: a list of {name, type, optional}. Empty while dbt parses. -#}
{% macro raw_contract(source_name, table_name) %}
    {% set columns = [] %}
    {% if execute %}
        {% set node = graph.sources.values()
            | selectattr('source_name', 'equalto', source_name)
            | selectattr('name', 'equalto', table_name) | first %}
        {% for column in node.columns.values() %}
            {% do columns.append({
                'name': column.name,
                'type': column.data_type | upper,
                'optional': column.config.meta.get('optional', false),
            }) %}
        {% endfor %}
    {% endif %}
    {{ return(columns) }}
{% endmacro %}
