-- A figure of a month that is not over yet.
update analytics.published_metrics set period_end = (select max(date_day) + 1 from analytics.dim_dates)
where (metric, period_grain, period_start, segment_type, segment) = (
    select (metric, period_grain, period_start, segment_type, segment) from analytics.published_metrics order by all limit 1
);
