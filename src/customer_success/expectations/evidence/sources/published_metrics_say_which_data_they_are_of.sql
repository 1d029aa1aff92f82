with kind as (
    select coalesce(max(dataset_kind) = 'synthetic', false) as is_synthetic from staging.stg_meta__dataset
)

select
    metric as item, 0 as expected,
    count(*) filter (where dataset is distinct from case when is_synthetic then 'synthetic' else 'live' end)
        as observed
from analytics.published_metrics, kind group by metric
