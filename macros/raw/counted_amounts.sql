{#- Like counted_rows(), for the sum of an amount in currency units. -#}
{% macro counted_amounts(source_name, table_name, column) %}
    select
        '{{ source_name }}' as source,
        '{{ table_name }}' as entity,
        '{{ column }}' as measure,
        {% if source_is_present(source_name, table_name) -%}
        (select coalesce(sum({{ major_units('try_cast(' ~ column ~ ' as bigint)') }}), 0) from {{ source(source_name, table_name) }}) as raw_value,
        {%- else -%}
        0 as raw_value,
        {%- endif %}
        (select coalesce(sum({{ column }}), 0) from {{ ref('stg_' ~ source_name ~ '__' ~ table_name) }}) as staged_value,
        coalesce(sum({{ major_units(column) }}) filter (where quarantine_reason <> 'erased_household'), 0) as quarantined,
        coalesce(sum({{ major_units(column) }}) filter (where quarantine_reason = 'erased_household'), 0) as erased,
        0 as duplicates,
        coalesce(sum({{ major_units(column) }}) filter (where is_later), 0) as after_as_of_date
    from {{ ref('base_' ~ source_name ~ '__' ~ table_name) }}
{% endmacro %}
