{#- The effective vars as JSON: names from dbt_project.yml, values after command-line overrides. raw_data_path is the folder
    that is read. as_of_date is left out: fix_as_of_date() determines it. -#}
{% macro effective_vars() %}
    {%- set project = fromyaml(run_query("select content from read_text('dbt_project.yml')").rows[0][0]) -%}
    {%- set found = {} -%}
    {%- for name in project['vars'] if name != 'as_of_date' -%}{%- do found.update({name: var(name)}) -%}{%- endfor -%}
    {%- do found.update({'raw_data_path': raw_data_path()}) -%}
    {{- return(tojson(found)) -}}
{% endmacro %}
