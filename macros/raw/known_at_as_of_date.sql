{#- A mutable timestamp as known at as_of_date: null where it is later. -#}
{% macro known_at_as_of_date(column) %}
    {{- return('case when ' ~ column ~ ' < ' ~ as_of_end() ~ ' then ' ~ column ~ ' end') -}}
{% endmacro %}
