{#- Stops the build before the first model, with one message that lists every violation of the raw contract: a required
    column is missing, or no value of a column casts to its type. -#}
{% macro check_raw_contract() %}
    {% set problems = [] %}
    {% set files = raw_files() if execute and raw_data_path() else {} %}
    {% for node in (graph.sources.values() | sort(attribute='unique_id') if execute else []) %}
        {% set relation = raw_relation(node.source_name, node.name) %}
        {% set where = ' [' ~ (raw_file_of(node, files) or {'path': relation}).path ~ ']' %}
        {% for column in (mapped_columns(node.source_name, node.name) if relation else []) %}
            {% set name = node.source_name ~ '.' ~ node.name ~ '.' ~ column.name %}
            {% if not column.found and not column.optional %}
                {% set others = ' (nor is there ' ~ column.also | join(', ') ~ ')' if column.also else '' %}
                {% do problems.append(name ~ ': the required column is missing' ~ others ~ where) %}
            {% elif column.found and column.found_type != column.type and no_value_casts(relation, column) %}
                {% do problems.append(name ~ ': not one value casts to ' ~ column.type ~ where) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% if problems %}
        {{ exceptions.raise_compiler_error('raw data does not fulfil the contract:\n  ' ~ problems | join('\n  ')
            ~ '\nA column that arrives under another name is read once models/staging/<source>/_<source>__sources.yml lists it in `also`.') }}
    {% endif %}
{% endmacro %}
