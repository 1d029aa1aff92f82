-- Exactly the customers of the previous score date have an earlier probability, and changed_by is set only for a change.
with predictions as (
    select * from {{ ref('ml_churn_predictions') }}
),

earlier as (
    select household_id, snapshot_date from {{ ref('int_churn_customers_before') }}
)

select
    predictions.household_id,
    predictions.previous_probability,
    predictions.previous_scored_as_of,
    predictions.changed_by
from predictions
left join earlier on predictions.household_id = earlier.household_id
where
    (earlier.household_id is null) is distinct from (predictions.previous_probability is null)
    or earlier.snapshot_date is distinct from predictions.previous_scored_as_of
    or (predictions.previous_probability between 0 and 1) is false
    or (
        predictions.changed_by is not null
        and (
            abs(predictions.churn_probability - predictions.previous_probability) >= {{ var('churn_least_change') }}
        ) is distinct from true
    )
