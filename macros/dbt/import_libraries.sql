{#- Run at the start, before dbt starts threads: imports all that Python models import if this run has such a model.
    It takes seconds, so that other runs do without. -#}
{% macro import_libraries() %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.get('language') == 'python' and node.unique_id in selected_resources %}
            {% if loop.first %}{% do run_query('select import_libraries()') %}{% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
