-- A metric uses the sources that its definition names, comma-separated.
with stale as (
    select source from source_ages where age_hours > int_var('freshness_stale_hours')
),

standing_on_stale as (
    select distinct metric
    from (select metric, unnest(string_split(source_of_truth, ',')) as source from analytics.dim_metrics)
    where trim(source) in (from stale)
)

select
    p.metric as item,
    count(s.metric) as observed,
    0 as expected
from analytics.published_metrics as p
left join standing_on_stale as s using (metric)
group by p.metric
