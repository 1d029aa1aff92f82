-- An override holds on the first Sunday from its day on; the last one of a Sunday counts. Only leaving makes a household churned.
with overrides as (
    select *, cast(set_at as date) as set_on from {{ ref('stg_cs__lifecycle_overrides') }} where stage <> 'churned'
)

select
    household_id,
    {{ sunday_from('set_on') }} as sunday,
    max_by(stage, (set_at, override_id)) as override_stage,
    max_by(reason_code, (set_at, override_id)) as reason_code
from overrides
group by household_id, {{ sunday_from('set_on') }}
