{{ config(severity='warn') }}

-- Lists Stripe customers who pay and lead to no household. They are in no mart; the reconciliation shows their MRR.
select
    customer_id,
    sum(mrr) as mrr,
    'name the key of its metadata that holds the household id in var stripe_household_keys' as what_to_do
from {{ ref('int_subscription_periods') }}
where household_id is null and valid_until is null and is_paying
group by customer_id
