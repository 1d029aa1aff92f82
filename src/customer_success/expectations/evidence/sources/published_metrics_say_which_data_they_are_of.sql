with kind as (
    select case when max(dataset_kind) = 'synthetic' then 'synthetic' else 'live' end as dataset
    from staging.stg_meta__dataset
)

select
    p.metric as item,
    count(*) filter (where p.dataset is distinct from kind.dataset) as observed,
    0 as expected
from analytics.published_metrics as p
cross join kind
group by p.metric
