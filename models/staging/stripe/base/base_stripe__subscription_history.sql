{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'subscription_history', key=['id', '_fivetran_start'], own_date='_fivetran_start') }}
),

customers as (
    {{ households_by_key('base_stripe__customer', 'id', is_referred_to=true) }}
),

prices as (
    select id as known_price_id, max(currency) as currency
    from {{ ref('base_stripe__price') }}
    where is_readable or quarantine_reason not in ('bad_timestamp', 'null_key')
    group by id
),

with_household as (
    select raw_rows.*, customers.household_id, customers.household_state, prices.currency
    from raw_rows
    left join customers on raw_rows.customer_id = customers.parent_key
    left join prices on raw_rows.price_id = prices.known_price_id
)

{{ with_row_class(
    'with_household',
    key=['id', '_fivetran_start'],
    ends=[
        ('current_period_start', 'current_period_end'), ('trial_start', 'trial_end'), ('_fivetran_start', '_fivetran_end')
    ],
    amounts=['quantity'],
    status=('status', var('stripe_subscription_statuses')),
    currency='currency is not null and ' ~ other_currency('currency')
) }}
