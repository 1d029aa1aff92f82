-- A rate over too few households and a month that is not over, published all the same.
update analytics.published_metrics set sample_size = 29 where metric = 'nps';
update analytics.published_metrics set period_end = period_end + 400 where metric = 'mrr';
