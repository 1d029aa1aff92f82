{#- Measures of a family table, summed per period and segment: all, by plan, by region. A first step sums per plan and region,
    so that the table is read once. Null plans and regions form a segment 'unknown', so that segments add up to all. -#}
{% macro metric_sums(family) %}
    select
        {%- for measure in family.measures %}
        {{ measure.agg }}(cells.{{ measure.name }}) as {{ measure.name }},
        {%- endfor %}
        cells.period_grain, cells.period_start, kinds.segment_type,
        case kinds.segment_type
            when 'plan_type' then coalesce(cells.plan_type, 'unknown')
            when 'region' then coalesce(cells.region, 'unknown')
            else 'all'
        end as segment
    from (
        select
            {%- for measure in family.measures %}
            {{ measure.agg }}({{ measure.expr or measure.name }}) as {{ measure.name }},
            {%- endfor %}
            period_grain, period_start, plan_type, region
        from {{ ref(family.table) }}
        group by period_grain, period_start, plan_type, region
    ) as cells
    cross join (select unnest(['all', 'plan_type', 'region']) as segment_type) as kinds
    group by all
{%- endmacro %}
