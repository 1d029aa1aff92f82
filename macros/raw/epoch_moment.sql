{#- Seconds since 1970-01-01, or milliseconds where the number has 13 digits, as a moment; null where it has more. -#}
{% macro epoch_moment(number) %}
    {{- return('case when abs(' ~ number ~ ') < 1000000000000 then make_timestamp(' ~ number ~ ' * 1000000) when abs('
        ~ number ~ ') < 10000000000000 then make_timestamp(' ~ number ~ ' * 1000) end') -}}
{% endmacro %}
