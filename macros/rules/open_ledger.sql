{#- Makes the ledger's schema. It lies in a file of its own, which no build rewrites, and DuckDB writes to one file in a
    transaction: hence the commit. -#}
{% macro open_ledger() %}
    {% if execute %}
        {% do adapter.commit() %}
        {% do run_query('create schema if not exists ledger.ledger') %}
        {% do run_query('create table if not exists ledger.ledger.households_seen (household_hash varchar, first_seen_as_of date)') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
