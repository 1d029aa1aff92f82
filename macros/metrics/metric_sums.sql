{#- Measures of a family table, summed per period and segment: all, by plan, by region. What is not known of a household
    makes a segment of its own, so that segments add up to all. -#}
{% macro metric_sums(family) %}
    select
        period_grain,
        period_start,
        case when grouping(plan_type) = 0 then 'plan_type' when grouping(region) = 0 then 'region' else 'all' end as segment_type,
        case
            when grouping(plan_type) = 0 then coalesce(plan_type, 'unknown')
            when grouping(region) = 0 then coalesce(region, 'unknown')
            else 'all'
        end as segment,
        {%- for measure in family.measures %}
        {{ measure.agg }}({{ measure.expr or measure.name }}) as {{ measure.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(family.table) }}
    group by grouping sets (
        (period_grain, period_start), (period_grain, period_start, plan_type), (period_grain, period_start, region)
    )
{%- endmacro %}
