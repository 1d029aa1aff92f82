-- One unknown price makes the sum unknown.
select
    count(distinct customer_id) as unlinked_customers,
    case when count(*) = count(mrr) then coalesce(sum(mrr), 0) end as unlinked_mrr
from {{ ref('int_subscription_states') }}
where household_id is null and valid_until is null and is_paying
