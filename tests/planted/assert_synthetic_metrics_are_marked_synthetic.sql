-- Simulated data sold as live.
update analytics.fct_metric_values set dataset = 'live';
