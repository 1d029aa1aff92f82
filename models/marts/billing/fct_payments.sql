with charges as (
    select * from {{ ref('stg_stripe__charge') }}
),

refunds as (
    -- One refund whose amount is unknown makes the sum unknown.
    select charge_id, case when count(*) = count(amount) then sum(amount) end as amount_refunded
    from {{ ref('stg_stripe__refund') }}
    where status = 'succeeded'
    group by charge_id
)

select
    charges.charge_id,
    charges.household_id,
    charges.invoice_id,
    charges.amount,
    case when refunds.charge_id is null then 0 else refunds.amount_refunded end as amount_refunded,
    case
        when charges.status <> 'succeeded' then 0
        when refunds.charge_id is null then charges.amount
        else charges.amount - refunds.amount_refunded
    end as net_amount,
    charges.currency,
    charges.status,
    charges.status = 'failed' as payment_failed,
    charges.failure_code,
    charges.created_at as charged_at,
    cast(charges.created_at as date) as payment_date
from charges
left join refunds on charges.charge_id = refunds.charge_id
