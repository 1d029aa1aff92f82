{#- On-run-start: makes the log of touched days. A model that finds older rows changed logs from which day on; each
    incremental model that descends from it notes, in the transaction of its rows, how much of the log it has applied. So
    what a failed build or a selection left out, the next build does. See docs/incremental.md. -#}
{% macro open_touched_days() %}
    {% if execute %}
        {% do run_query('create schema if not exists build') %}
        {% do run_query('create sequence if not exists build.touched_days_sequence') %}
        {% do run_query('create table if not exists build.touched_days '
            ~ '(sequence bigint, model varchar, first_day date, lost_households boolean)') %}
        {% do run_query('create table if not exists build.touched_days_applied '
            ~ '(model varchar primary key, sequence bigint, as_of_date date, vars_hash varchar)') %}
        {% do adapter.commit() %}
    {% endif %}
{% endmacro %}
