{{ unpacked(ref('ml_survival_run'), 'predictions', {
    'household_id': 'varchar',
    'median_days_remaining': 'double',
    'survival_30d': 'double',
    'survival_90d': 'double',
    'survival_365d': 'double',
    'note': 'varchar'
}) }}
