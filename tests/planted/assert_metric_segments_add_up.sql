-- Churned households are missing in one plan.
update analytics.fct_metric_values set sample_size = sample_size - 1
where metric = 'household_churn_rate' and segment = 'Free' and sample_size > 0;
