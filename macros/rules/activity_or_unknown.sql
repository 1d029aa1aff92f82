{#- A count of what members did: 0 where no row matches, null without events or members (then activity is unknown). -#}
{% macro activity_or_unknown(column) %}
    {%- set is_known = source_is_present('product', 'events') and source_is_present('app', 'household_members') %}
    {{- return('coalesce(' ~ column ~ ', 0)' if is_known else 'cast(null as bigint)') -}}
{% endmacro %}
