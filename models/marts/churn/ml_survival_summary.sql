with terms as (
    {{ unpacked(ref('ml_survival_run'), 'summary', {
        'covariate': 'varchar', 'coefficient': 'double', 'hazard_ratio': 'double', 'ci_low': 'double', 'ci_high': 'double',
        'p_value': 'double', 'n': 'bigint', 'events': 'bigint', 'ph_p_value': 'double', 'ph_action': 'varchar', 'note': 'varchar'
    }) }}
)

select
    covariate,
    coefficient,
    hazard_ratio,
    ci_low,
    ci_high,
    p_value,
    n,
    events,
    ph_p_value as ph_test_p,
    ph_action as ph_test_action,
    note
from terms
