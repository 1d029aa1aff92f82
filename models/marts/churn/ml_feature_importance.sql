{{ unpacked(ref('ml_churn_run'), 'importance', {
    'model_run_id': 'varchar',
    'feature': 'varchar',
    'importance': 'double',
    'ci_low': 'double',
    'ci_high': 'double',
    'importance_rank': 'bigint',
    'n': 'bigint',
    'positives': 'bigint'
}) }}
