select
    stage,
    position,
    min_days,
    max_days,
    entry_criteria,
    exit_criteria,
    key_metrics,
    activities
from {{ ref('lifecycle_stages') }}
