{#- A value as an escaped SQL string literal, so that a path may contain quotes. -#}
{% macro sql_text(value) %}
    {{- return("'" ~ (value | string | replace("'", "''")) ~ "'") -}}
{% endmacro %}
