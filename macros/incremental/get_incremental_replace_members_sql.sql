{#- Incremental strategy 'replace_members': replaces all rows, and notes the earliest day on which somebody's
    membership differs from what it was, so that models which ask who was a member are rebuilt from there. -#}
{% macro get_incremental_replace_members_sql(arg_dict) %}
    {%- set target, new = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    insert into build.event_rebuilds
    select nextval('build.rebuild_sequence'), 'members', {{ as_of_date() }}, changed.rebuild_from, false
    from (
        select min(case
            when before.user_id is null then after.member_from
            when after.user_id is null then before.member_from
            else least(coalesce(before.member_until, after.member_until), coalesce(after.member_until, before.member_until))
        end) as rebuild_from
        from {{ target }} as before
        full join {{ new }} as after using (household_id, user_id, member_from)
        where before.user_id is null or after.user_id is null or before.member_until is distinct from after.member_until
    ) as changed
    where changed.rebuild_from is not null;
    {{ get_incremental_replace_all_sql(arg_dict) }}
{% endmacro %}
