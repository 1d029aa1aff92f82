select
    household_id as customer_id,
    score_date,
    overall_score,
    known_weight,
    product_usage_score,
    engagement_score,
    support_score,
    financial_score,
    relationship_score,
    health_trend as trend,
    {{ as_of_end() }} as calculated_at
from {{ ref('fct_retention_health') }}
