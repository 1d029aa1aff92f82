-- A value that somebody would have liked better.
update analytics.fct_metric_values set raw_value = 52
where metric = 'nps' and period_grain = 'month' and segment_type = 'all' and raw_value is not null;
