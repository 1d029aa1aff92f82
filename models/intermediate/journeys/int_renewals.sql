-- Each end of a period as it stood the day before, or stands now, and what was paid once the days of grace were over.
with periods as (
    select * from {{ ref('int_renewal_periods') }}
),

ends as (
    select
        household_id,
        subscription_id,
        renewal_on,
        mrr,
        is_cancellation_scheduled,
        renewal_on + {{ var('payment_grace_days') }} as settled_on
    from periods
    where least(renewal_on - 1, {{ as_of_date() }}) >= valid_from and least(renewal_on - 1, {{ as_of_date() }}) < {{ open_end('valid_until') }}
),

after as (
    select
        subscription_id,
        valid_from,
        least(valid_until, closed_date) as valid_until,
        is_paying,
        mrr
    from {{ ref('int_subscription_periods') }}
    where closed_date is null or valid_from < closed_date
)

select
    ends.household_id,
    ends.subscription_id,
    ends.renewal_on,
    ends.mrr,
    ends.is_cancellation_scheduled,
    ends.settled_on,
    ends.settled_on <= {{ as_of_date() }} as is_settled,
    case when ends.settled_on <= {{ as_of_date() }} then coalesce(after.is_paying, false) end as has_renewed,
    case
        when ends.settled_on <= {{ as_of_date() }}
            then case when coalesce(after.is_paying, false) then cast(round(after.mrr, 2) as decimal(18, 2)) else 0 end
    end as mrr_after
from ends
left join after
    on
        ends.subscription_id = after.subscription_id
        and ends.settled_on >= after.valid_from
        and ends.settled_on < {{ open_end('after.valid_until') }}
