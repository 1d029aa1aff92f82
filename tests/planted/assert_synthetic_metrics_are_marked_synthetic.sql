-- Synthetic values that are labelled live.
update analytics.fct_metric_values set dataset = 'live';
