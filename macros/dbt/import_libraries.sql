{#- On-run-start hook. Imports the libraries of Python models before dbt starts threads. Only runs with a Python model pay
    the seconds that this takes. -#}
{% macro import_libraries() %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.get('language') == 'python' and node.unique_id in selected_resources %}
            {% if loop.first %}{% do run_query('select import_libraries()') %}{% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
