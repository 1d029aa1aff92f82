select
    metric,
    label,
    description,
    definition,
    conventions,
    unit,
    direction,
    source_of_truth,
    owner,
    cast(min_sample as bigint) as min_sample,
    ci_method,
    segment_at,
    cast(version as integer) as version,
    definition_hash
from {{ ref('int_metric_definitions') }}
