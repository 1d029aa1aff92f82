{#- Incremental strategy 'replace_from': replaces rows from first_day() on. It also deletes rows without a date, score dates
    before the history begins (meta.history), earlier rows that the model selects again (unique_key) and rows of households
    that the source no longer contains (meta.households: the model that lists them, in depends_on; none: no such check).
    Required: meta.date_column. `order by` that date at the end of a model keeps deleted rows physically adjacent (D85). -#}
{% macro get_incremental_replace_from_sql(arg_dict) %}
    {%- set target, new, key = arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set meta, from_day = config.get('meta'), first_day() -%}
    {%- set day, households = meta['date_column'], meta.get('households', 'stg_app__households') -%}
    delete from {{ target }}
    where
        {{ day }} >= {{ from_day }} or {{ day }} is null
    {%- if meta.get('history') %}
        or {{ day }} <= {{ history_start(meta['history']) }}
    {%- endif %}
    {%- if key %}
        or {{ day }} >= (select min({{ day }}) from {{ new }})
        and {{ key }} in (select {{ key }} from {{ new }} where {{ day }} < {{ from_day }})
    {%- endif %}
    {%- if households and unapplied_touched_days().lost_households %}
        or household_id not in (select household_id from {{ ref(households) }})
    {%- endif %};
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ new }};
{% endmacro %}
