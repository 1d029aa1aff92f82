{#- Run at the start: works out as_of_date once and keeps it for all models of the build, beside the vars that are in
    force, for checks and pages that run after dbt. Without the var as_of_date it is the day before that of the latest
    received_at of the events or, without events, of the latest _fivetran_synced. A later date is refused: of the days
    in between nothing is known, and they would look as if nothing had happened. -#}
{% macro fix_as_of_date() %}
    {% if execute %}
        {% set given = given_as_of_date() %}
        {% set last = latest_raw_day([('product', 'events', 'received_at')]) or latest_raw_day(synced_columns()) %}
        {% if not (given or last) %}
            {{ exceptions.raise_compiler_error('as_of_date is not given and no raw table says when it was loaded: '
                ~ 'is there data in ' ~ var('raw_data_path') ~ '? Run make demo, or pass --vars "{as_of_date: ...}".') }}
        {% elif given and last and given > last | string and not var('allow_future_as_of') %}
            {{ exceptions.raise_compiler_error('AS_OF ' ~ given ~ ' is later than the last complete day of the raw data, '
                ~ last ~ ' (the day before the latest received_at).') }}
        {% endif %}
        {% do run_query('create schema if not exists ' ~ build_relation().without_identifier()) %}
        {% do run_query('create or replace table ' ~ build_relation() ~ ' as select date ' ~ sql_text(given or last)
            ~ ' as as_of_date, cast(' ~ sql_text(effective_vars()) ~ ' as json) as vars') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
