with charges as (
    select * from {{ ref('stg_stripe__charge') }}
),

refunds as (
    select charge_id, sum(amount) as amount_refunded
    from {{ ref('stg_stripe__refund') }}
    where status = 'succeeded'
    group by charge_id
)

select
    charges.charge_id,
    charges.household_id,
    charges.invoice_id,
    charges.amount,
    coalesce(refunds.amount_refunded, 0) as amount_refunded,
    case when charges.status = 'succeeded' then charges.amount - coalesce(refunds.amount_refunded, 0) else 0 end as net_amount,
    charges.currency,
    charges.status,
    charges.status = 'failed' as payment_failed,
    charges.failure_code,
    charges.created_at as charged_at,
    cast(charges.created_at as date) as payment_date
from charges
left join refunds on charges.charge_id = refunds.charge_id
