-- Charges that succeeded, less their refunds, in the month of the charge. Without a table of
-- refunds net amounts are unknown, and there is nothing to compare.
with returned as (
    select charge_id, sum(amount) as amount
    from staging.stg_stripe__refund
    where status = 'succeeded'
    group by charge_id
),

there as (
    select
        strftime(c.created_at, '%Y-%m') as month,
        sum(c.amount - coalesce(r.amount, 0)) as revenue
    from staging.stg_stripe__charge as c
    left join returned as r using (charge_id)
    where c.status = 'succeeded'
    group by 1
),

here as (
    select
        strftime(payment_date, '%Y-%m') as month,
        sum(net_amount) as revenue
    from analytics.fct_payments
    group by 1
    having count(*) filter (where status = 'succeeded') > 0
)

select
    month as item,
    here.revenue as observed,
    there.revenue as expected
from here
full join there using (month)
where exists (select 1 from analytics.fct_payments where net_amount is not null)
