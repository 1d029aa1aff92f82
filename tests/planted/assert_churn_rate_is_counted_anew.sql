-- Churned households that are no longer in the denominator.
update analytics.fct_metric_values set denominator = denominator - numerator
where metric = 'household_churn_rate' and period_grain = 'month' and segment_type = 'all' and numerator > 0;
