{{ unpacked(ref('ml_survival_run'), 'curves', {
    'plan_type': 'varchar',
    'day': 'integer',
    'survival': 'double',
    'ci_low': 'double',
    'ci_high': 'double',
    'at_risk': 'bigint'
}) }}
