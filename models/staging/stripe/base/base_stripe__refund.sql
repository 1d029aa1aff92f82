{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'refund', key=['id'], own_date='created') }}
),

charges as (
    {{ households_by_key('base_stripe__charge', 'id') }}
),

with_household as (
    select raw_rows.*, charges.household_id, charges.household_state
    from raw_rows
    left join charges on raw_rows.charge_id = charges.parent_key
)

{{ with_row_class(
    'with_household',
    key=['id'],
    amounts=['amount'],
    status=('status', var('stripe_refund_statuses'))
) }}
