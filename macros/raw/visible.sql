{#- A mutable timestamp as known at as_of_date: null while it lies in the future. -#}
{% macro visible(column) %}
    {{- return('case when ' ~ column ~ ' < ' ~ as_of_end() ~ ' then ' ~ column ~ ' end') -}}
{% endmacro %}
