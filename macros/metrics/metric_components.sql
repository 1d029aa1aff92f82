{#- One metric from the sums of its family: numerator, denominator, the moments that its interval needs, and its value. -#}
{% macro metric_components(metric, sums) %}
    {%- set parts, meta = metric_parts(metric), metric.config.meta -%}
    select
        '{{ metric.name }}' as metric,
        period_grain,
        period_start,
        segment_type,
        segment,
        cast({{ parts.numerator }} as decimal(28, 6)) as numerator,
        cast({{ parts.denominator or 'null' }} as decimal(28, 6)) as denominator,
        cast({{ meta.sample }} as bigint) as sample_size,
        cast({{ meta.get('unknowns', 0) }} as bigint) as unknown_count,
        cast({{ meta.get('pending', 0) }} as bigint) as pending_count,
        cast({{ meta.get('squares', 'null') }} as double) as sum_of_squares,
        cast({{ meta.get('denominator_squares', 'null') }} as double) as denominator_squares,
        cast({{ meta.get('products', 'null') }} as double) as sum_of_products,
        cast({{ meta.get('promoters', 'null') }} as bigint) as promoters,
        cast({{ meta.get('detractors', 'null') }} as bigint) as detractors,
        cast({{ parts.value }} as double) as value
    from {{ sums }}
{%- endmacro %}
