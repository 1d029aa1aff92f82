{#- Makes the ledger's schema and tables. It lies in a file of its own, which no build rewrites, and DuckDB writes to one
    file in a transaction: hence the commit. -#}
{% macro open_ledger() %}
    {% if execute %}
        {% do adapter.commit() %}
        {% do run_query('create schema if not exists ledger.ledger') %}
        {% for name, columns in ledger_tables().items() %}
            {% do run_query('create table if not exists ' ~ ledger_relation(name) ~ ' (' ~ columns ~ ')') %}
        {% endfor %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
