{#- Like counted_rows(), for the sum of an amount in currency units. Amounts in another currency are converted in staging and so
    do not take part. -#}
{% macro counted_amounts(source_name, table_name, column) %}
    {%- set typed = typed_columns(source_name, table_name) -%}
    {%- set reported = "currency = '" ~ (var('reporting_currency') | lower) ~ "'" %}
    select
        '{{ source_name }}' as source,
        '{{ table_name }}' as entity,
        '{{ column }}' as measure,
        (
            select coalesce(sum({{ major_units(column) }}), 0)
            from (select {{ typed }} from {{ source_or_empty(source_name, table_name) }} as source_row)
            where {{ reported }}
        ) as raw_value,
        (
            select coalesce(sum({{ column }}), 0) from {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }} where {{ reported }}
        ) as staged_value,
        {{ class_counts(major_units(column)) }},
        coalesce(sum({{ major_units(column) }}) filter (where row_class = 'later'), 0) as after_as_of_date
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
    where {{ reported }}
{% endmacro %}
