{{ config(materialized='table') }}

with raw_rows as (
    {{ raw_rows('stripe', 'subscription_item', key=['id'], own_date='created') }}
),

subscriptions as (
    {{ households_by_key('base_stripe__subscription_history', 'id') }}
),

-- Items of a customer without household hold too: they say how much money no household accounts for.
with_household as (
    select
        raw_rows.*,
        subscriptions.household_id,
        case
            when subscriptions.household_state in ('erased', 'not_live', 'deleted') then subscriptions.household_state
            else 'known'
        end as household_state
    from raw_rows
    left join subscriptions on raw_rows.subscription_id = subscriptions.parent_key
)

{{ with_row_class(
    'with_household',
    key=['id'],
    ends=[('current_period_start', 'current_period_end')],
    amounts=['quantity']
) }}
