{%- set window, before = var('sentiment_window_days'), var('sentiment_before_days') %}

with customers as (
    select household_id from {{ ref('int_household_score_dates') }} where is_current
),

-- A survey answer and its comment count as one message.
messages as (
    select household_id, cast(created_at as date) as message_date
    from {{ ref('int_customer_messages') }}
    where channel = 'ticket'
    union all
    select household_id, cast(responded_at as date) from {{ ref('stg_survey__response') }}
    union all
    select household_id, cast(occurred_at as date)
    from {{ ref('int_crm_engagement') }}
    where engagement_type = 'outreach' and engagement_event = 'replied'
),

counted as (
    select
        household_id,
        count(*) filter (where message_date > {{ as_of_date() }} - {{ window }}) as messages_30d,
        count(*) filter (where message_date <= {{ as_of_date() }} - {{ window }}) as messages_prior_90d
    from messages
    where message_date > {{ as_of_date() }} - {{ window + before }}
    group by household_id
)

{%- set known = source_is_present('zendesk', 'ticket_comment') or source_is_present('survey', 'response')
    or source_is_present('hubspot', 'engagement') %}

select
    customers.household_id,
    {%- for column in ['messages_30d', 'messages_prior_90d'] %}
    {{ 'coalesce(counted.' ~ column ~ ', 0)' if known else 'cast(null as bigint)' }} as {{ column }},
    {%- endfor %}
    1 - {{ clip(safe_ratio('counted.messages_30d * ' ~ before, 'counted.messages_prior_90d * ' ~ window), 0, 1) }} as decay_score
from customers
left join counted on customers.household_id = counted.household_id
