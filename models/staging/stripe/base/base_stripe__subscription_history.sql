{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows(
        'stripe',
        'subscription_history',
        key=['id', '_fivetran_start'],
        own_date='_fivetran_start',
        preferred='_fivetran_active'
    ) }}
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
    key=['id', '_fivetran_start'],
    ends=[
        ('current_period_start', 'current_period_end'), ('trial_start', 'trial_end'), ('_fivetran_start', '_fivetran_end')
    ],
    amounts=['quantity'],
    status=('status', var('stripe_subscription_statuses'))
) }}
