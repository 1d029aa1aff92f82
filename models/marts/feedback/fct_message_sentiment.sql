select
    messages.message_id,
    messages.household_id,
    messages.channel,
    messages.created_at,
    scored.sentiment,
    cast(scored.compound as decimal(5, 4)) as compound,
    scored.frustration_score,
    scored.emotions,
    scored.primary_complaint,
    scored.language,
    scored.unscored_reason,
    scored.model_name,
    scored.model_version
from {{ ref('int_customer_messages') }} as messages
inner join {{ ref('ml_message_sentiment') }} as scored on messages.message_id = scored.message_id
