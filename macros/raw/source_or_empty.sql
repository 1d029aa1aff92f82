{#- The raw table as a relation to select from, or an empty subquery where the table is absent. -#}
{% macro source_or_empty(source_name, table_name) %}
    {%- set named = source(source_name, table_name) -%}
    {%- if not execute %}{{ return(named) }}{% endif -%}
    {{- return(raw_relation(source_name, table_name) or '(select null as nothing where false)') -}}
{% endmacro %}
