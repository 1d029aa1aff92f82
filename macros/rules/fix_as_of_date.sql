{#- On-run-start hook: determines as_of_date once and stores it, with the effective vars, for all models and for the checks
    and pages that run after dbt. Where none is given it is the day before the latest received_at of the events or,
    without events, before the latest _fivetran_synced. A later date is rejected: there are no data for the days after the
    last complete one, and they would look as if nothing had happened. -#}
{% macro fix_as_of_date() %}
    {% if execute %}
        {% set given = given_as_of_date() %}
        {% set last = latest_raw_day([('product', 'events', 'received_at')]) or latest_raw_day(synced_columns()) %}
        {% if not (given or last) %}
            {{ exceptions.raise_compiler_error('as_of_date is not given and no raw table has a time of loading: '
                ~ 'is there data in ' ~ raw_data_path() ~ '? Run make demo, or pass --vars "{as_of_date: ...}".') }}
        {% endif %}
        {% do reject_future_as_of(given, last) %}
        {% do run_query('create schema if not exists ' ~ build_relation().without_identifier()) %}
        {% do run_query('create or replace table ' ~ build_relation() ~ ' as select date ' ~ sql_text(given or last)
            ~ ' as as_of_date, cast(' ~ sql_text(effective_vars()) ~ ' as json) as vars') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
