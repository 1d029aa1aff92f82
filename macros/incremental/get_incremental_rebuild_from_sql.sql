{#- Incremental strategy 'rebuild_from': the rows from the earliest touched day on are replaced, the others stay; earlier
    rows that the model built again (unique_key) are replaced too; rows of households that the source no longer has go.
    Model meta (the model says depends_on stg_app__households): date_column, scopes, notes_sessions (this model cuts sessions: note from which day they changed). -#}
{% macro get_incremental_rebuild_from_sql(arg_dict) %}
    {%- set meta, target, new = config.get('meta'), arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set scopes, day = meta.get('scopes', ['events', 'members']), meta['date_column'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set drops_households = pending_rebuild('drops_households', scopes) -%}
    {%- if meta.get('notes_sessions') and (drops_households or pending_rebuild('rebuild_from', scopes)) %}
    {{ note_rebuild('sessions', '(select least(' ~ rebuild_from(scopes) ~ ', min(cast(login_at as date))) from ' ~ new ~ ')', drops_households) }};
    {%- endif %}
    delete from {{ target }} where {{ day }} >= {{ rebuild_from(scopes) }}
    {%- if arg_dict['unique_key'] %}
        or {{ day }} >= (select min({{ day }}) from {{ new }})
        and {{ arg_dict['unique_key'] }} in (select {{ arg_dict['unique_key'] }} from {{ new }} where {{ day }} < {{ rebuild_from(scopes) }})
    {%- endif %};
    {{ drop_lost_households(target, scopes) }}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ new }};
{% endmacro %}
