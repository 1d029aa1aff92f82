{#- Overrides source freshness: age is measured from the end of as_of_date instead of the wall clock. For a source that is
    absent or has no loaded-at time, dbt reports that freshness cannot be computed. -#}
{% macro duckdb__collect_freshness(source, loaded_at_field, filter) %}
    {% call statement('collect_freshness', fetch_result=true, auto_begin=false) -%}
        select
            max({{ loaded_at_field }}) as max_loaded_at,
            greatest({{ as_of_end() }}, max({{ loaded_at_field }})) as snapshotted_at
        from {{ source }}
        where {{ loaded_at_field }} < {{ as_of_end() }} {% if filter %}and {{ filter }}{% endif %}
    {% endcall %}
    {{ return(load_result('collect_freshness')) }}
{% endmacro %}
