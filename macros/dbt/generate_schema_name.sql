{#- Uses custom schema names as configured, without the target schema as a prefix, because BI queries refer to them. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name is not none else target.schema }}
{%- endmacro %}
