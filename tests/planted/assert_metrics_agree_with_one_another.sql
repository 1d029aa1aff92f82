-- Gross retention that includes growth.
update analytics.fct_metric_values set raw_value = 1.5 where metric = 'gross_revenue_retention' and raw_value is not null;
