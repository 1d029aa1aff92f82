{#- Whether the CRM says who attended a meeting and what was downloaded: engagements of HubSpot's connector do not. -#}
{% macro crm_records_attendance() %}
    {{- return(not execute or not source_is_present('hubspot', 'engagement_company')) -}}
{% endmacro %}
