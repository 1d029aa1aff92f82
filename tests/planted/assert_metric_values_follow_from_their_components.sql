-- A value that was edited by hand.
update analytics.fct_metric_values set raw_value = 0.5 where metric = 'household_churn_rate' and status = 'publishable';
