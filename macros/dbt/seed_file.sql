{#- The rows of a seed as they stand in its file now, as a table of a query; types are those of the seed's table. For unit
    tests: theirs may run before the seed is loaded again. -#}
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
