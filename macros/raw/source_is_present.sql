{#- Whether the raw table exists when the model is compiled. Values that depend on an absent table are null. A table that
    exists but has no row for a household means 0, false or Free. -#}
{% macro source_is_present(source_name, table_name) %}
    {{ return(not execute or raw_relation(source_name, table_name) is not none) }}
{% endmacro %}
