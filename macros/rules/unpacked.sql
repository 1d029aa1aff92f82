{#- The rows of one output of a packed table (customer_success.packed): `columns` maps each name to its type. -#}
{% macro unpacked(relation, output, columns) %}
    select
    {%- for name, data_type in columns.items() %}
        cast(json_extract_string(content, '$.{{ name }}') as {{ data_type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ relation }}
    where output = '{{ output }}'
{%- endmacro %}
