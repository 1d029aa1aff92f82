{#- Incremental strategy 'replace_periods': the periods that end on first_period_end() or later are replaced; those that
    are none any longer (an earlier trailing one) go, and those of households that the source no longer has. Model meta:
    scopes. A model that is built so ends in `order by period_end` (D85). -#}
{% macro get_incremental_replace_periods_sql(arg_dict) %}
    {%- set target, columns = arg_dict['target_relation'], arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ target }}
    where
        period_end >= {{ first_period_end() }}
        or (period_grain, period_start) not in (select (period_grain, period_start) from {{ ref('int_metric_periods') }});
    {{- drop_lost_households(target, config.get('meta')['scopes']) }}
    insert into {{ target }} ({{ columns }}) select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
