{#- An engagement of HubSpot's connector has no event and no time of its own: those are in the tables of its kind. -#}
{%- set is_described = column_is_present('hubspot', 'engagement', 'event') -%}
{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'engagement', key=['id'], own_date='occurred_at' if is_described else none) }}
),

companies as (
    {{ households_by_key('base_hubspot__company', 'id') }}
),

with_household as (
    select
        raw_rows.* replace (coalesce(survivors.surviving_contact_id, raw_rows.contact_id) as contact_id),
        companies.household_id,
        {{ 'companies.household_state' if is_described else "'known' as household_state" }}
    from raw_rows
    left join companies on raw_rows.company_id = companies.parent_key
    left join {{ ref('base_hubspot__contact_survivors') }} as survivors on raw_rows.contact_id = survivors.contact_id
)

{{ with_row_class('with_household', key=['id']) }}
