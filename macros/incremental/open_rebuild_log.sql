{#- Makes the log of rebuilds. Each build that changes dated rows notes the earliest day it touched; each incremental
    model notes how much of the log it has applied, in the transaction that applies it. So a build that failed or
    was killed half-way is made up for by the next, and so is a selection that left a model out. -#}
{% macro open_rebuild_log() %}
    {% if execute %}
        {% do run_query('create schema if not exists build') %}
        {% do run_query('create sequence if not exists build.rebuild_sequence') %}
        {% do run_query('create table if not exists build.event_rebuilds '
            ~ '(sequence bigint, scope varchar, as_of_date date, rebuild_from date, drops_households boolean)') %}
        {% do run_query('create table if not exists build.event_rebuilds_applied (model varchar, sequence bigint)') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
