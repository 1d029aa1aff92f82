{#- Makes the ledger's schema and tables, as Python knows them (customer_success.ledger.tables). It lies in a file of its
    own, which no build rewrites, and DuckDB writes to one file in a transaction: hence the commit. -#}
{% macro open_ledger() %}
    {% if execute %}
        {% do adapter.commit() %}
        {% for statement in run_query('select ledger_definition()').rows[0][0].split(';') %}
            {% do run_query(statement) %}
        {% endfor %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
