select
    feature_name,
    tier,
    plans
from {{ ref('features') }}
