{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'discount', key=['id', 'type', 'type_id'], own_date='start_at') }}
),

customers as (
    {{ households_by_key('base_stripe__customer', 'id', is_referred_to=true) }}
),

-- Discounts of a customer without household hold too: they say how much money no household accounts for.
with_household as (
    select
        raw_rows.*,
        customers.household_id,
        case
            when customers.household_state in ('erased', 'not_live', 'deleted') then customers.household_state
            else 'known'
        end as household_state
    from raw_rows
    left join customers on raw_rows.customer_id = customers.parent_key
)

{{ with_row_class('with_household', key=['id', 'type', 'type_id'], ends=[('start_at', 'end_at')]) }}
