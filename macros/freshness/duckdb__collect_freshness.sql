{#- Freshness is measured from the end of as_of_date, not from a wall clock: the age of what the build knows. A source
    that is not there, or has no time of loading, has no freshness, and dbt reports it. -#}
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
