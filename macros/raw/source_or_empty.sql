{#- The raw table as a relation to select from, or an empty subquery where the table is absent. -#}
{% macro source_or_empty(source_name, table_name) %}
    {%- set relation = source(source_name, table_name) -%}
    {{- return(relation if source_is_present(source_name, table_name) else '(select null as nothing where false)') -}}
{% endmacro %}
