{#- The staging model of a raw table without the rows that the source deleted and that stay readable for what refers to them. -#}
{% macro staged_rows(source_name, table_name) %}
    {%- set model = ref('stg_' ~ source_name ~ '__' ~ table_name) -%}
    {{- return('(select * from ' ~ model ~ ' where not is_deleted)' if (source_name, table_name) in referred_tables() else model) -}}
{% endmacro %}
