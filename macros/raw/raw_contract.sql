{#- The declared columns of a raw table, from its source YAML: a list of {name, type, optional, also, words, control}, where
    also are other names under which the column may arrive, first that of a var (also_var). Empty while dbt parses. -#}
{% macro raw_contract(source_name, table_name) %}
    {% set columns = [] %}
    {% if execute %}
        {% set node = graph.sources.values()
            | selectattr('source_name', 'equalto', source_name)
            | selectattr('name', 'equalto', table_name) | first %}
        {% for column in node.columns.values() %}
            {% set meta = column.config.meta %}
            {% do columns.append({
                'name': column.name,
                'type': column.data_type | upper,
                'optional': meta.get('optional', false),
                'also': ([var(meta.get('also_var'))] if meta.get('also_var') else []) + meta.get('also', []),
                'words': meta.get('words'),
                'control': meta.get('control', false),
            }) %}
        {% endfor %}
    {% endif %}
    {{ return(columns) }}
{% endmacro %}
