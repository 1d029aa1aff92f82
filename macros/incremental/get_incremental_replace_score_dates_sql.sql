{#- Incremental strategy 'replace_score_dates': the rows from first_score_date() on are replaced; those of days that are
    score dates no longer (an earlier current day, a Sunday that has left the history) go, and those of households that
    the source no longer has. A model that is built so ends in `order by score_date` (D85). -#}
{% macro get_incremental_replace_score_dates_sql(arg_dict) %}
    {%- set target, columns = arg_dict['target_relation'], arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ target }}
    where score_date >= {{ first_score_date() }} or score_date not in (select score_date from {{ ancestor('intermediate', 'int_score_dates') }});
    {{- drop_lost_households(target, none) }}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
