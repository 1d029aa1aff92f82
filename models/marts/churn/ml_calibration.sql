with bins as (
    {{ unpacked(ref('ml_churn_run'), 'calibration', {
        'model_run_id': 'varchar', 'model': 'varchar', 'bin': 'bigint', 'lowest': 'double', 'highest': 'double',
        'mean_predicted': 'double', 'observed': 'double', 'n': 'bigint', 'households': 'bigint', 'ci_low': 'double',
        'ci_high': 'double'
    }) }}
)

select
    model_run_id,
    model,
    bin,
    lowest,
    highest,
    mean_predicted,
    observed as observed_rate,
    n,
    households,
    ci_low,
    ci_high
from bins
