{#- On-run-start hook: creates the log of touched days. A model that detects changes of older rows logs the first changed day.
    Each incremental model downstream records, in the transaction that writes its rows, how much of the log it has applied.
    So the next build recovers what a failed build or a selection left out. See docs/incremental.md. -#}
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
