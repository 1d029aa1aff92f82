{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'charge', key=['id'], own_date='created') }}
),

customers as (
    {{ households_by_key('base_stripe__customer', 'id', is_referred_to=true) }}
),

with_household as (
    select raw_rows.*, customers.household_id, customers.household_state
    from raw_rows
    left join customers on raw_rows.customer_id = customers.parent_key
)

{{ with_row_class(
    'with_household',
    key=['id'],
    amounts=['amount'],
    status=('status', var('stripe_charge_statuses'))
) }}
