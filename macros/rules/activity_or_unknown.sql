{#- A count of what members did: 0 where no row matches, null where activity_is_known() is false. -#}
{% macro activity_or_unknown(column) %}
    {{- return('coalesce(' ~ column ~ ', 0)' if activity_is_known() else 'cast(null as bigint)') -}}
{% endmacro %}
