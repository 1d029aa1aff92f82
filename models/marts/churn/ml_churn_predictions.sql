with predictions as (
    {{ unpacked(ref('ml_churn_run'), 'predictions', {
        'household_id': 'varchar', 'churn_probability': 'double', 'churn_risk_segment': 'varchar', 'interval_width': 'double',
        'top_drivers': 'varchar', 'previous_probability': 'double', 'previous_scored_as_of': 'date', 'changed_by': 'varchar',
        'model_run_id': 'varchar'
    }) }}
)

select *, {{ as_of_date() }} as scored_as_of
from predictions
