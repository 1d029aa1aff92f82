{{ unpacked(ref('ml_churn_run'), 'metrics', {
    'model_run_id': 'varchar',
    'model': 'varchar',
    'split': 'varchar',
    'population': 'varchar',
    'metric': 'varchar',
    'value': 'double',
    'ci_low': 'double',
    'ci_high': 'double',
    'n': 'bigint',
    'positives': 'bigint',
    'note': 'varchar'
}) }}
