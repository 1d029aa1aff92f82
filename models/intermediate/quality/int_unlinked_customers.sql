with unlinked as (
    select customer_id, mrr
    from {{ ref('int_subscription_periods') }}
    where household_id is null and valid_until is null and is_paying
)

-- One unknown price makes the sum unknown.
select
    {{ 'count(distinct customer_id)' if source_is_present('stripe', 'subscription_history') else 'max(cast(null as bigint))' }}
        as unlinked_customers,
    {{ 'case when count(*) = count(mrr) then coalesce(sum(mrr), 0) end' if source_is_present('stripe', 'subscription_history')
        else 'max(cast(null as decimal(18, 2)))' }} as unlinked_mrr
from unlinked
