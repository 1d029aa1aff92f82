{#- Whether vars (JSON) differ from those of the build before; where the raw files lie is no rule. False where no build
    has noted its vars. -#}
{% macro vars_differ(vars) %}
    {%- set before = load_relation(build_relation()) -%}
    {%- if before is none or 'vars' not in adapter.get_columns_in_relation(before) | map(attribute='name') -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set old, new = fromjson(run_query('select vars from ' ~ before).rows[0][0]), fromjson(vars) -%}
    {%- for name in ['raw_data_path', 'allow_future_as_of'] -%}
        {%- do old.pop(name, none) -%}{%- do new.pop(name, none) -%}
    {%- endfor -%}
    {{- return(old != new) -}}
{% endmacro %}
