select
    household_id as account_id,
    sentiment,
    frustration_score,
    primary_complaint,
    created_at as logged_at
from {{ ref('fct_message_sentiment') }}
