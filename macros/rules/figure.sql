{#- A figure that Python computed: undefined arrives as not-a-number and is null here. -#}
{% macro figure(column) %}
    {{- return('case when not isnan(cast(' ~ column ~ ' as double)) then cast(' ~ column ~ ' as double) end') -}}
{% endmacro %}
