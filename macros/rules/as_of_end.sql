{#- The exclusive upper bound of visible time: midnight at the end of as_of_date. -#}
{% macro as_of_end() %}
    {{- return("(cast(" ~ as_of_date() ~ " as timestamp) + interval 1 day)") -}}
{% endmacro %}
