-- A rate of too few households and a value of an incomplete month, both published.
update analytics.published_metrics set sample_size = 29 where metric = 'nps';
update analytics.published_metrics set period_end = period_end + 400 where metric = 'mrr';
