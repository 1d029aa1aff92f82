-- Monthly price of paid subscriptions at the end of each month, less discounts, rounded to cents by household. A household with a
-- price or a coupon that is missing is unknown on both sides.
with ends as (
    select distinct
        month_start,
        least(last_day(month_start), as_of()) as month_end
    from analytics.fct_mrr_movements
),

paying as (
    select e.month_start, e.month_end, s.*
    from ends as e
    inner join subscription_states as s
        on s.from_day <= e.month_end and s.until_day > e.month_end and e.month_end >= s.paused_until
    inner join staging.stg_app__households as h using (household_id)
    where (s.is_paid or s.is_free_period) and coalesce(h.closed_date, never()) > e.month_end
),

priced as (
    select
        p.month_start,
        p.month_end,
        p.household_id,
        p.subscription_id,
        p.customer_id,
        p.valid_from,
        case
            when bool_or(p.is_free_period) then 0
            when count(*) = count(l.monthly_value) then sum(l.monthly_value)
        end as list_value,
        max(l.intervals_per_month) as intervals_per_month
    from paying as p
    left join subscription_lines as l
        on p.subscription_id = l.subscription_id and p.valid_from = l.version_from and l.line_from <= p.month_end and not l.is_ignored
    group by all
),

owned as (
    select discount_id, coupon_id, subscription_id, customer_id, start_at, end_at, null as discount_type
    from staging.stg_stripe__subscription_discount
    where invoice_id is null and invoice_item_id is null
        and discount_id not in (select discount_id from staging.stg_stripe__discount)
    union all
    select
        discount_id,
        coupon_id,
        coalesce(subscription_id, if(discount_type = 'subscription', discount_type_id, null)),
        coalesce(customer_id, if(discount_type = 'customer', discount_type_id, null)),
        start_at,
        end_at,
        discount_type
    from staging.stg_stripe__discount
    where invoice_id is null and invoice_item_id is null
),

discounted as (
    select distinct
        p.month_start,
        p.subscription_id,
        o.discount_id,
        c.coupon_id is not null and coalesce(c.percent_off, c.amount_off) is not null as is_known,
        coalesce(c.percent_off, 0) as percent_off,
        coalesce(c.amount_off, 0) * p.intervals_per_month * if(c.amount_off > 0, rate_on(c.currency, p.valid_from), 1) as monthly_off
    from priced as p
    inner join owned as o on coalesce(o.subscription_id = p.subscription_id, o.customer_id = p.customer_id)
    left join staging.stg_stripe__coupon as c using (coupon_id)
    where
        coalesce(o.discount_type not like 'invoice%', true)
        and c.duration is distinct from 'once'
        and cast(o.start_at as date) <= p.month_end
        and coalesce(
            cast(o.end_at as date),
            case when c.duration = 'repeating' then cast(o.start_at + to_months(cast(c.duration_in_months as integer)) as date) end,
            never()
        ) > p.month_end
),

off as (
    select
        month_start,
        subscription_id,
        case when bool_and(is_known) and count(*) = count(monthly_off) then product(1 - percent_off / 100) end as kept,
        sum(monthly_off) as monthly_off
    from discounted
    group by all
),

there as (
    select
        p.month_start,
        p.household_id,
        case when count(*) = count(mrr) then round(sum(mrr), 2) end as mrr
    from (
        select
            priced.*,
            case
                when list_value = 0 then 0
                when off.subscription_id is null then list_value
                else greatest(list_value * off.kept - off.monthly_off, 0 * off.kept)
            end as mrr
        from priced
        left join off using (month_start, subscription_id)
    ) as p
    group by all
),

there_by_month as (
    select month_start, sum(mrr) as mrr
    from there
    group by month_start
),

here as (
    select month_start, sum(mrr_closing) as mrr
    from analytics.fct_mrr_movements
    group by month_start
)

select
    strftime(month_start, '%Y-%m') as item,
    here.mrr as observed,
    coalesce(there_by_month.mrr, 0) as expected
from here
left join there_by_month using (month_start)
