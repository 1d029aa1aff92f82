select
    theme,
    cast(households_30d as bigint) as households_30d,
    {{ nan_to_null('expected_households') }} as expected_households,
    {{ nan_to_null('p_value') }} as p_value,
    {{ nan_to_null('p_holm') }} as p_holm,
    case when not isnan(p_holm) then p_holm < {{ var('theme_alpha') }} end as is_rising
from {{ ref('int_theme_changes') }}
