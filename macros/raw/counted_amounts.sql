{#- Like counted_rows(), for the sum of an amount in currency units. -#}
{% macro counted_amounts(source_name, table_name, column) %}
    {%- set typed = typed_columns(source_name, table_name) %}
    select
        '{{ source_name }}' as source,
        '{{ table_name }}' as entity,
        '{{ column }}' as measure,
        (
            select coalesce(sum({{ major_units(column) }}), 0)
            from (select {{ typed }} from {{ source_or_empty(source_name, table_name) }} as source_row)
        ) as raw_value,
        (select coalesce(sum({{ column }}), 0) from {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }}) as staged_value,
        {{ class_counts(major_units(column)) }},
        coalesce(sum({{ major_units(column) }}) filter (where row_class = 'later'), 0) as after_as_of_date
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
{% endmacro %}
