{#- On-run-start hook: creates the ledger's schema and tables (customer_success.ledger.tables). The ledger is a separate
    database file, and a DuckDB transaction can write to one file only: hence the commits. -#}
{% macro open_ledger() %}
    {% if execute %}
        {% do adapter.commit() %}
        {% for statement in run_query('select ledger_definition()').rows[0][0].split(';') %}
            {% do run_query(statement) %}
        {% endfor %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
