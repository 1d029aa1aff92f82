-- Each message of a customer has a row, with either a score or a reason why it is unscored.
select messages.message_id
from {{ ref('int_customer_messages') }} as messages
left join {{ ref('fct_message_sentiment') }} as scored on messages.message_id = scored.message_id
where
    scored.message_id is null
    or (scored.compound is null) <> (scored.unscored_reason is not null)
    or coalesce(scored.compound between -1 and 1, scored.compound is null) is false
