{#- A count of CRM records from a left join: 0 where no row matches, null where neither hubspot.engagement says what an
    engagement was nor the connector's table of such records is there. -#}
{% macro crm_count_or_unknown(column, connector_table) %}
    {%- set is_described = source_is_present('hubspot', 'engagement') and crm_records_attendance() == 'true' -%}
    {%- set is_known = is_described or source_is_present('hubspot', connector_table) -%}
    {{- return('coalesce(' ~ column ~ ', 0)' if is_known else 'cast(null as bigint)') -}}
{% endmacro %}
