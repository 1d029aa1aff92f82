{#- Hook of models that detect changes of older rows: logs the earliest touched day and whether households disappeared. Both
    arguments are SQL. A full build of an incremental model touches all days. -#}
{% macro log_touched_days(first_day='null', lost_households='false') %}
    {%- set is_whole = config.get('materialized') == 'incremental' and not is_incremental() %}
    insert into build.touched_days
    select nextval('build.touched_days_sequence'), '{{ this.identifier }}', touched.first_day, touched.lost_households
    from (
        select
            {{ "date '1900-01-01'" if is_whole else first_day }} as first_day,
            {{ lost_households }} as lost_households
    ) as touched
    where touched.first_day is not null or touched.lost_households
{% endmacro %}
