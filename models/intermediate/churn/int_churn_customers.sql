select * exclude (snapshot_date, is_current, is_snapshot, is_previous) from {{ ref('int_churn_features') }} where is_current
