select
    id as setting_change_id,
    household_id,
    feature_name,
    is_enabled,
    changed_at,
    _fivetran_synced
from {{ ref('base_app__feature_settings') }}
where row_class = 'staged'
