select
    p.metric as item,
    count(*) filter (
        where coalesce(p.sample_size, 0) < m.min_sample
        or p.period_end > as_of()
        or p.value is null
        or p.definition_hash is distinct from m.definition_hash
        or p.as_of_date is distinct from as_of()
    ) as observed,
    0 as expected
from analytics.published_metrics as p
left join analytics.dim_metrics as m using (metric)
group by p.metric
