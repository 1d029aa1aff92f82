select
    event_id,
    household_id,
    user_id,
    event_name,
    occurred_at,
    received_at,
    event_at,
    event_date,
    feature_name,
    pet_id,
    task_id,
    page,
    _fivetran_synced
from {{ ref('base_product__events') }}
where row_class = 'staged'
