-- Each weighted part has rules in health_points or health_lines; a misspelled part would otherwise be ignored.
with scored as (
    select distinct part from {{ ref('health_points') }}
    union
    select distinct health_model || '.' || part from {{ ref('health_lines') }}
)

select parts.health_model, parts.part
from {{ ref('health_parts') }} as parts
where
    parts.part not in (select part from scored)
    and parts.health_model || '.' || parts.part not in (select part from scored)
