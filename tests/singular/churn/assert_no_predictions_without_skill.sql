-- A run without skill has no predictions; one with skill has a probability between 0 and 1 for each customer.
with runs as (
    select model_run_id, status from {{ ref('ml_model_runs') }} where is_current
),

customers as (
    select household_id from {{ ref('int_churn_customers') }}
)

select 'predicted without skill' as problem, predictions.household_id
from {{ ref('ml_churn_predictions') }} as predictions
left join runs on predictions.model_run_id = runs.model_run_id
where (runs.status is distinct from 'skilled')
union all
select 'not predicted, or no probability' as problem, customers.household_id
from customers
inner join runs on runs.status = 'skilled'
left join {{ ref('ml_churn_predictions') }} as predictions on customers.household_id = predictions.household_id
where coalesce(predictions.churn_probability between 0 and 1, false) is false
