{#- Counts of the rows of one raw table by class. raw_value is counted in the source itself, independently of staging. Events have
    a model of their own: they have duplicates and load incrementally. -#}
{% macro counted_rows(source_name, table_name) %}
    select
        '{{ source_name }}' as source,
        '{{ table_name }}' as entity,
        'rows' as measure,
        (select count(*) from {{ source_or_empty(source_name, table_name) }}) as raw_value,
        (select count(*) from {{ staged_rows(source_name, table_name) }}) as staged_value,
        {{ class_counts() }},
        count(*) filter (where row_class = 'later') as after_as_of_date
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
{% endmacro %}
