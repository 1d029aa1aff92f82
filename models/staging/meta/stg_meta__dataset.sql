select
    name as dataset_name,
    kind as dataset_kind,
    generated_at,
    seed
from {{ ref('base_meta__dataset') }}
where row_class = 'staged'
