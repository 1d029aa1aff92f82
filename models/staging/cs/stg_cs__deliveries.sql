select
    message_key,
    enrollment_id,
    household_id,
    playbook,
    step,
    survey_type,
    channel,
    status,
    is_person,
    occurred_at,
    attempt,
    receiver_id,
    actor,
    _fivetran_synced
from {{ ref('base_cs__deliveries') }}
where row_class = 'staged'
