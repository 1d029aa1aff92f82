{{ unpacked(ref('ml_churn_run'), 'curves', {
    'model_run_id': 'varchar',
    'model': 'varchar',
    'population': 'varchar',
    'curve': 'varchar',
    'x': 'double',
    'y': 'double',
    'ci_low': 'double',
    'ci_high': 'double',
    'n': 'bigint',
    'positives': 'bigint'
}) }}
