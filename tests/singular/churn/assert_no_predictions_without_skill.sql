-- A run that shows no skill predicts nothing; one that does predicts for each customer, within 0 and 1.
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
