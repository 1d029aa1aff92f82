{#- Whether the raw table exists when the model is compiled. Values that depend on an absent table are null. A table that
    exists but has no row for a household means 0, false or Free. -#}
{% macro source_is_present(source_name, table_name) %}
    {% if not execute %}{{ return(true) }}{% endif %}
    {% set relation = source(source_name, table_name) %}
    {{ return(load_relation(relation) is not none) }}
{% endmacro %}
