{#- Incremental strategy 'rescan_from': raw events received from that moment on are judged again. Rows without a
    moment of receipt have no place in time, so they are always judged again. -#}
{% macro get_incremental_rescan_from_sql(arg_dict) %}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }} where received_at >= {{ rescan_from() }} or received_at is null;
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
