{#- Stops the build before the first model, with one message that lists every violation of the raw contract: a required
    column is missing, or no value of a column casts to its type. -#}
{% macro check_raw_contract() %}
    {% set problems = [] %}
    {% set columns, files = (raw_columns(), raw_files() if var('raw_data_path') else {}) if execute else ({}, {}) %}
    {% for node in (graph.sources.values() | sort(attribute='unique_id') if execute else []) %}
        {% set relation = source(node.source_name, node.name) %}
        {% set present = columns.get(relation.schema ~ '.' ~ relation.identifier, {}) %}
        {% set where = ' [' ~ (files.get(node.source_name ~ '.' ~ node.name) or {'path': relation}).path ~ ']' %}
        {% for column in (raw_contract(node.source_name, node.name) if present else []) %}
            {% set name = node.source_name ~ '.' ~ node.name ~ '.' ~ column.name %}
            {% if column.name not in present and not column.optional %}
                {% do problems.append(name ~ ': the required column is missing' ~ where) %}
            {% elif present.get(column.name, column.type) != column.type and no_value_casts(relation, column) %}
                {% do problems.append(name ~ ': not one value casts to ' ~ column.type ~ where) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% if problems %}
        {{ exceptions.raise_compiler_error('raw data does not fulfil the contract:\n  ' ~ problems | join('\n  ')) }}
    {% endif %}
{% endmacro %}
