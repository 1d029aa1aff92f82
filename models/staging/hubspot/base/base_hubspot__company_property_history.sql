{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('hubspot', 'company_property_history', key=['company_id', 'name', 'changed_at'], own_date='changed_at') }}
),

companies as (
    {{ households_by_key('base_hubspot__company', 'id') }}
),

with_household as (
    select raw_rows.*, companies.household_id, companies.household_state
    from raw_rows
    left join companies on raw_rows.company_id = companies.parent_key
)

{{ with_row_class('with_household', key=['company_id', 'name', 'changed_at']) }}
