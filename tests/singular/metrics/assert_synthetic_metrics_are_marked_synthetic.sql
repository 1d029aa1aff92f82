-- Values of simulated households are marked synthetic, others live.
with dataset as (
    select case when bool_or(is_synthetic) then 'synthetic' else 'live' end as dataset from {{ ref('dim_households') }}
)

select metric_values.*
from {{ ref('fct_metric_values') }} as metric_values
cross join dataset
where metric_values.dataset is distinct from dataset.dataset
