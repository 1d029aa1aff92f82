{#- The rows of a rule seed as a list of dicts, read at run time: each rule is defined only in its seed, and the compiled SQL
    shows its numbers. Empty before the seeds are built; in a unit test, the rows of the seed's file.
    `where` and `order_by` are SQL. -#}
{% macro rule_rows(seed_name, where='true', order_by='rule_order') %}
    {%- set rows = [] -%}
    {%- do ref(seed_name) -%}
    {%- if execute -%}
        {%- set schema = generate_schema_name('rules', none) -%}
        {%- set seed = adapter.get_relation(target.database, schema, seed_name) -%}
        {%- if model is defined and model.resource_type == 'unit_test' -%}{%- set seed = seed_file(seed_name) -%}{%- endif -%}
        {%- if seed -%}
            {%- set found = run_query('select * from ' ~ seed ~ ' where ' ~ where ~ ' order by ' ~ order_by) -%}
            {%- for row in found.rows -%}{%- do rows.append(row.dict()) -%}{%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(rows) -}}
{% endmacro %}
