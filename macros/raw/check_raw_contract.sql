{#- Stops the build before the first model, with one message that lists every breach of the raw contract:
    a required column that is missing, and a column of which not one value casts to its type. -#}
{% macro check_raw_contract() %}
    {% set problems = [] %}
    {% for node in (graph.sources.values() | sort(attribute='unique_id') if execute else []) %}
        {% set relation = load_relation(source(node.source_name, node.name)) %}
        {% set present = {} %}
        {% for column in (adapter.get_columns_in_relation(relation) if relation else []) %}
            {% do present.update({column.name | lower: column.dtype | upper}) %}
        {% endfor %}
        {% set where = ' [' ~ (raw_file(node.source_name, node.name) or {'path': relation}).path ~ ']' %}
        {% for column in (raw_contract(node.source_name, node.name) if relation else []) %}
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
