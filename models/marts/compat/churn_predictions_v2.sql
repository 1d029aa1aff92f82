select
    household_id as customer_id,
    churn_probability as probability,
    1 - interval_width as confidence,
    median_days_remaining as time_to_churn_days,
    risk_factors,
    severity,
    {{ as_of_end() }} as created_at
from {{ ref('fct_churn_severity') }}
