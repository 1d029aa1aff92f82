{#- Incremental strategy 'note_changed_days': replaces all rows, and notes for each entity the earliest day whose
    fingerprint is not what it was, so that rows of score dates are rebuilt from there. -#}
{% macro get_incremental_note_changed_days_sql(arg_dict) %}
    {%- set target, new = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    insert into build.event_rebuilds
    select nextval('build.rebuild_sequence'), changed.entity, {{ as_of_date() }}, changed.rebuild_from, false
    from (
        select entity, min(day) as rebuild_from
        from {{ target }} as before
        full join {{ new }} as after using (entity, day)
        where before.fingerprint is distinct from after.fingerprint
        group by entity
    ) as changed;
    {{ get_incremental_replace_all_sql(arg_dict) }}
{% endmacro %}
