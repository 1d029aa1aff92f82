{#- Stops the build before the first model if the raw data are simulated and live data were published before, or vice versa:
    the two must not share a database and a ledger. -#}
{% macro check_dataset() %}
    {% if execute %}
        {% set kind = 'null' %}
        {% if source_is_present('meta', 'dataset') %}
            {% set kind = '(select max(kind) from ' ~ source('meta', 'dataset') ~ ')' %}
        {% endif %}
        {% set problem = run_query(
            'select dataset_problem(coalesce(' ~ kind ~ ", 'live'), coalesce(list(distinct dataset), [])) from "
            ~ ledger_relation('published_metric_values')
        ).rows[0][0] %}
        {% if problem %}{{ exceptions.raise_compiler_error(problem) }}{% endif %}
    {% endif %}
{% endmacro %}
