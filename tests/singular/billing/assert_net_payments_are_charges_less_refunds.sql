-- Net payments of a household equal its successful Stripe charges minus its refunds.
with money as (
    select household_id, amount from {{ ref('stg_stripe__charge') }} where status = 'succeeded'
    union all
    select charges.household_id, -refunds.amount
    from {{ ref('stg_stripe__refund') }} as refunds
    inner join {{ ref('stg_stripe__charge') }} as charges on refunds.charge_id = charges.charge_id
    where refunds.status = 'succeeded' and charges.status = 'succeeded'
),

expected as (
    select household_id, sum(amount) as net_amount from money group by household_id
),

actual as (
    select household_id, sum(net_amount) as net_amount from {{ ref('fct_payments') }} group by household_id
)

-- A household with failed charges only has net payments of 0.
select
    coalesce(actual.household_id, expected.household_id) as household_id,
    expected.net_amount as expected_amount,
    actual.net_amount as actual_amount
from actual
full join expected on actual.household_id = expected.household_id
where coalesce(actual.net_amount, 0) <> coalesce(expected.net_amount, 0)
