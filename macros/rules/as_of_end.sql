{#- The first moment that is no longer visible: the midnight that ends as_of_date. -#}
{% macro as_of_end() %}
    {{- return("(cast(" ~ as_of_date() ~ " as timestamp) + interval 1 day)") -}}
{% endmacro %}
