{#- Incremental strategy 'replace_from': rows from first_day() on are replaced. Also go: rows without a date; score dates that
    have left the history (meta.history); earlier rows that the model built again (unique_key); rows of households that the
    source no longer has (meta.households: the model that knows, named in depends_on; false where there are none).
    Model meta: date_column. Rows that go together lie together where the model ends in `order by` that date (D85). -#}
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
    {%- if households and touched().lost_households %}
        or household_id not in (select household_id from {{ ref(households) }})
    {%- endif %};
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ new }};
{% endmacro %}
