{#- Counts of the rows of one raw table by outcome: staged, quarantined, erased, later. raw_value is counted in the source
    itself, independently of staging. Events have a model of their own: they have duplicates and load incrementally. -#}
{% macro counted_rows(source_name, table_name) %}
    select
        '{{ source_name }}' as source,
        '{{ table_name }}' as entity,
        'rows' as measure,
        {% if source_is_present(source_name, table_name) -%}
        (select count(*) from {{ source(source_name, table_name) }}) as raw_value,
        {%- else -%}
        0 as raw_value,
        {%- endif %}
        (select count(*) from {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }}) as staged_value,
        count(*) filter (where quarantine_reason <> 'erased_household') as quarantined,
        count(*) filter (where quarantine_reason = 'erased_household') as erased,
        0 as duplicates,
        count(*) filter (where is_later) as after_as_of_date
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
{% endmacro %}
