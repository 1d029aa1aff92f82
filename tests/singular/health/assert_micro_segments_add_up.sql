-- The customers of all combinations add up to the number of customers.
select sum(customer_count) as customers, sum(pct_of_total) as percent
from {{ ref('rpt_micro_segments') }}
having
    sum(customer_count) <> (select count(*) from {{ ref('fct_customer_profiles') }})
    or abs(sum(pct_of_total) - 100) > 1e-6
