with curves as (
    {{ unpacked(ref('ml_survival_run'), 'curves', {
        'group': 'varchar', 'day': 'double', 'survival': 'double', 'ci_low': 'double', 'ci_high': 'double', 'at_risk': 'bigint'
    }) }}
)

select "group" as plan_type, cast(day as integer) as day, survival, ci_low, ci_high, at_risk
from curves
