{#- Run at the start: works out as_of_date once and keeps it for all models of the build. Without the var it is
    the day before that of the latest received_at of the events or, without events, of the latest _fivetran_synced. -#}
{% macro fix_as_of_date() %}
    {% if execute %}
        {% set found = var('as_of_date') %}
        {% if not found %}
            {% set found = latest_raw_day([('product', 'events', 'received_at')])
                or latest_raw_day(synced_columns()) %}
        {% endif %}
        {% if not found %}
            {{ exceptions.raise_compiler_error('as_of_date is not given and no raw table says when it was loaded: '
                ~ 'is there data in ' ~ var('raw_data_path') ~ '? Run make demo, or pass --vars "{as_of_date: ...}".') }}
        {% endif %}
        {% do run_query('create schema if not exists ' ~ build_relation().without_identifier()) %}
        {% do run_query('create or replace table ' ~ build_relation() ~ " as select date '" ~ found ~ "' as as_of_date") %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
