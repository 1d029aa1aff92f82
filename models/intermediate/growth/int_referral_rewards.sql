-- The day on which a reward falls due: 30 days after the first paid invoice that was not refunded whole by that day.
with converted as (
    select referrals.referral_id, referrals.referred_household_id as household_id, cast(referrals.created_at as date) as created_on
    from {{ ref('stg_cs__referrals') }} as referrals
    inner join {{ ref('int_referral_conversions') }} as conversions on referrals.referral_id = conversions.referral_id
),

invoices as (
    select
        converted.referral_id,
        invoices.invoice_id,
        invoices.amount_paid,
        cast(invoices.created_at as date) + {{ var('reward_wait_days') }} as due_on
    from converted
    inner join {{ ref('stg_stripe__invoice') }} as invoices
        on converted.household_id = invoices.household_id and cast(invoices.created_at as date) >= converted.created_on
    where invoices.status = 'paid' and invoices.amount_paid > 0
),

refunds as (
    select charges.invoice_id, cast(refunds.created_at as date) as refunded_on, refunds.amount
    from {{ ref('stg_stripe__refund') }} as refunds
    inner join {{ ref('stg_stripe__charge') }} as charges on refunds.charge_id = charges.charge_id
    where refunds.status = 'succeeded'
),

netted as (
    select invoices.referral_id, invoices.invoice_id, invoices.due_on, invoices.amount_paid, sum(refunds.amount) as refunded
    from invoices
    left join refunds on invoices.invoice_id = refunds.invoice_id and refunds.refunded_on <= invoices.due_on
    group by all
)

select referral_id, min(due_on) as reward_due_at
from netted
where amount_paid - coalesce(refunded, 0) > 0
group by referral_id
