{#- A table expression that reads the rows of a seed from its CSV file, with the column types of the seed's table. For unit
    tests, which may run before a changed seed is loaded. -#}
{% macro seed_file(seed_name) %}
    {%- set seed = adapter.get_relation(target.database, generate_schema_name('rules', none), seed_name) -%}
    {%- set types = [] -%}
    {%- if seed -%}
        {%- for column in adapter.get_columns_in_relation(seed) -%}
            {%- do types.append("'" ~ column.name ~ "': '" ~ column.data_type ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return("read_csv('seeds/**/" ~ seed_name ~ ".csv', header = true, types = {" ~ types | join(', ') ~ "})") -}}
{% endmacro %}
