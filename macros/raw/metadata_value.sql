{#- SQL for the first of several keys that JSON metadata has a value for; null where it has none of them or is no JSON. -#}
{% macro metadata_value(metadata, keys) %}
    {%- set values = [] -%}
    {%- for key in keys -%}
        {%- do values.append("nullif(json_extract_string(" ~ metadata ~ ", " ~ sql_text('$."' ~ key ~ '"') ~ "), '')") -%}
    {%- endfor -%}
    {{- return('case when json_valid(' ~ metadata ~ ') then coalesce(' ~ values | join(', ') ~ ', null) end') -}}
{% endmacro %}
