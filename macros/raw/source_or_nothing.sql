{#- A raw table to select from, or a query without rows where it is absent. -#}
{% macro source_or_nothing(source_name, table_name) %}
    {%- set relation = source(source_name, table_name) -%}
    {{- return(relation if source_is_present(source_name, table_name) else '(select null as nothing where false)') -}}
{% endmacro %}
