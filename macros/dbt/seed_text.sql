{#- A table expression that reads the rows of a seed from its CSV file as text. For what is compiled before seeds are loaded. -#}
{% macro seed_text(seed_name) %}
    {{- return("read_csv('seeds/**/" ~ seed_name ~ ".csv', header = true, all_varchar = true)") -}}
{% endmacro %}
