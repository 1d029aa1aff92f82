{#- SQL: whether the CRM says who attended a meeting and what was downloaded. Engagements of HubSpot's connector do not. -#}
{% macro crm_records_attendance() %}
    {{- return('false' if execute and source_is_present('hubspot', 'engagement_company') else 'true') -}}
{% endmacro %}
