{#- The vars that are in force, as JSON: the names stand in dbt_project.yml, the command line may change a value.
    as_of_date is left out: fix_as_of_date() works it out. -#}
{% macro effective_vars() %}
    {%- set project = fromyaml(run_query("select content from read_text('dbt_project.yml')").rows[0][0]) -%}
    {%- set found = {} -%}
    {%- for name in project['vars'] if name != 'as_of_date' -%}{%- do found.update({name: var(name)}) -%}{%- endfor -%}
    {{- return(tojson(found)) -}}
{% endmacro %}
