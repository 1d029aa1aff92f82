{#- The rows of one kind of engagements of the CRM (hubspot.engagement_email, …) with company, contact and household. -#}
{% macro engagement_rows(table_name) %}
with raw_rows as (
    {{ raw_rows('hubspot', table_name, key=['engagement_id'], own_date='happened_at') }}
),

links as (
    select * from {{ ref('base_hubspot__engagement_links') }}
),

with_household as (
    select raw_rows.*, links.company_id, links.contact_id, links.household_id, links.household_state
    from raw_rows
    left join links on raw_rows.engagement_id = links.engagement_id
)

{{ with_row_class('with_household', key=['engagement_id']) }}
{% endmacro %}
