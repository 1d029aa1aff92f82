-- A value that is neither published nor withheld.
delete from analytics.withheld_metrics
where (metric, period_grain, period_start, segment) = (
    select (metric, period_grain, period_start, segment) from analytics.withheld_metrics limit 1
);
