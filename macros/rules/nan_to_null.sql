{#- A number from a Python model as a double, with NaN (undefined) as null. -#}
{% macro nan_to_null(column) %}
    {{- return('case when not isnan(cast(' ~ column ~ ' as double)) then cast(' ~ column ~ ' as double) end') -}}
{% endmacro %}
