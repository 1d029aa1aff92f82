{#- Whether the raw table is there at all, known when a model is compiled. An absent table makes what
    depends on it unknown (null); a table without a row for a household says 0, false or Free. -#}
{% macro source_is_present(source_name, table_name) %}
    {% if not execute %}{{ return(true) }}{% endif %}
    {% set relation = source(source_name, table_name) %}
    {{ return(load_relation(relation) is not none) }}
{% endmacro %}
