{#- The relation of a raw table: its own, else the first that exists of the other names that its source YAML gives
    (config.meta.also); none where the company has no such table. -#}
{% macro raw_relation(source_name, table_name) %}
    {% set named = source(source_name, table_name) %}
    {% set relations = [load_relation(named)] %}
    {% for node in graph.sources.values() if (node.source_name, node.name) == (source_name, table_name) %}
        {% for name in node.config.meta.get('also', []) %}
            {% do relations.append(load_relation(api.Relation.create(named.database, named.schema, name))) %}
        {% endfor %}
    {% endfor %}
    {{ return(relations | select | first | default(none, true)) }}
{% endmacro %}
