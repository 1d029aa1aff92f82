select
    household_id as customer_id,
    message_id as interaction_id,
    channel,
    sentiment,
    compound as score,
    emotions,
    primary_complaint as issues_detected,
    created_at as analyzed_at
from {{ ref('fct_message_sentiment') }}
