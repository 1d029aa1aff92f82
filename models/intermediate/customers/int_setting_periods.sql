-- The setting that stood at the end of a day.
with changes as (
    select
        household_id,
        feature_name,
        cast(changed_at as date) as valid_from,
        max_by(is_enabled, (changed_at, setting_change_id)) as is_enabled
    from {{ ref('stg_app__feature_settings') }}
    group by household_id, feature_name, cast(changed_at as date)
)

select
    household_id,
    feature_name,
    valid_from,
    lead(valid_from) over (partition by household_id, feature_name order by valid_from) as valid_until,
    is_enabled
from changes
