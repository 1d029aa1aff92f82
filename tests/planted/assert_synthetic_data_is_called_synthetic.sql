-- Simulated figures that are shown as those of customers.
update analytics.fct_metric_values set dataset = 'live' where metric = 'nps';
