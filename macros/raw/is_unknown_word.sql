{#- SQL condition: a column is none of the words of a var. -#}
{% macro is_unknown_word(column, var_name) %}
    {{- return("not coalesce(" ~ column ~ " in ('" ~ var(var_name) | join("', '") ~ "'), false)") -}}
{% endmacro %}
