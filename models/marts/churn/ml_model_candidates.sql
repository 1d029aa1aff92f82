{{ unpacked(ref('ml_churn_run'), 'candidates', {
    'model_run_id': 'varchar',
    'model': 'varchar',
    'training_rows': 'bigint',
    'training_households': 'bigint',
    'training_churned': 'bigint',
    'training_note': 'varchar'
}) }}
