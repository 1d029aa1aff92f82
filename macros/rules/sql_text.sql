{#- A value as a text literal, so that a path may hold quotes. -#}
{% macro sql_text(value) %}
    {{- return("'" ~ (value | string | replace("'", "''")) ~ "'") -}}
{% endmacro %}
