with customers as (
    select household_id from {{ ref('int_survival_customers') }}
),

predictions as (
    {{ unpacked(ref('ml_survival_run'), 'predictions', {
        'household_id': 'varchar',
        'median_days_remaining': 'double',
        'survival_30d': 'double',
        'survival_90d': 'double',
        'survival_365d': 'double',
        'note': 'varchar'
    }) }}
),

-- The reason why the run has no predictions.
fits as (
    {{ unpacked(ref('ml_survival_run'), 'fit', {'reason': 'varchar'}) }}
)

select
    customers.household_id,
    predictions.median_days_remaining,
    predictions.survival_30d,
    predictions.survival_90d,
    predictions.survival_365d,
    case when predictions.household_id is null then fits.reason else predictions.note end as note
from customers
left join predictions on customers.household_id = predictions.household_id
cross join fits
