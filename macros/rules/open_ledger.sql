{#- Makes the ledger's tables: households seen, values published. They lie in a file of their own, which no build
    rewrites, and DuckDB writes to one file in a transaction: hence the commit. -#}
{% macro open_ledger() %}
    {% if execute %}
        {% do adapter.commit() %}
        {% do run_query('create schema if not exists ledger.ledger') %}
        {% do run_query('create table if not exists ledger.ledger.households_seen (household_hash varchar, first_seen_as_of date)') %}
        {% do run_query('create table if not exists ledger.ledger.published_metric_values ('
            ~ 'publication_number bigint, metric varchar, period_grain varchar, period_start date, period_end date, '
            ~ 'segment_type varchar, segment varchar, value double, definition_version integer, definition_hash varchar, '
            ~ 'as_of_date date, data_through date, dataset varchar, erased_households bigint)') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
