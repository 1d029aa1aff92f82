-- MRR that is missing in the movements.
update analytics.fct_metric_values set numerator = numerator + 1 where metric = 'mrr';
