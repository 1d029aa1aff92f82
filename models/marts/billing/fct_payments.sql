with charges as (
    select * from {{ ref('stg_stripe__charge') }}
),

refunds as (
    -- One refund whose amount is unknown makes the sum unknown.
    select charge_id, case when count(*) = count(amount) then sum(amount) end as amount_refunded
    from {{ ref('stg_stripe__refund') }}
    where status = 'succeeded'
    group by charge_id
),

paired as (
    select
        charges.*,
        case
            when refunds.charge_id is not null then refunds.amount_refunded
            else {{ '0' if source_is_present('stripe', 'refund') else 'null' }}
        end as amount_refunded
    from charges
    left join refunds on charges.charge_id = refunds.charge_id
)

select
    charge_id,
    household_id,
    invoice_id,
    amount,
    amount_refunded,
    case when status = 'succeeded' then amount - amount_refunded else 0 end as net_amount,
    currency,
    status,
    status = 'failed' as payment_failed,
    failure_code,
    created_at as charged_at,
    cast(created_at as date) as payment_date
from paired
