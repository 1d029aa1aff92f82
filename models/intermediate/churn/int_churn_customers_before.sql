select * exclude (is_current, is_snapshot, is_previous) from {{ ref('int_churn_features') }} where is_previous
