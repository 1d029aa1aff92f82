with profiles as (
    select * from {{ ref('int_customer_profiles') }}
),

predictions as (
    select household_id, churn_probability from {{ ref('ml_churn_predictions') }}
)

select
    profiles.*,
    predictions.churn_probability
from profiles
left join predictions using (household_id)
