-- Everybody who is active is asked, whatever the score: asking the happy ones alone is review gating.
with customers as (
    select household_id, active_days_30 from {{ ref('int_growth_today') }} where active_days_30 > 0
),

asked as (
    select household_id from {{ ref('stg_cs__review_requests') }}
    where cast(requested_at as date) > {{ as_of_date() }} - {{ var('review_ask_days') }}
    union
    select household_id from {{ ref('int_growth_steps') }}
    where program = 'review' and occurred_on > {{ as_of_date() }} - {{ var('review_ask_days') }}
    union
    select household_id from {{ ref('stg_cs__reviews') }}
    where cast(submitted_at as date) > {{ as_of_date() }} - {{ var('review_wait_days') }}
)

select
    customers.household_id,
    'review' as program,
    'active' as reason,
    to_json({'active_days_30': customers.active_days_30}) as detail,
    cast(null as varchar) as angle,
    cast(null as varchar) as offer,
    row_number() over (order by md5(customers.household_id)) as place
from customers
anti join asked on customers.household_id = asked.household_id
anti join {{ ref('int_growth_open_tickets') }} as grave on customers.household_id = grave.household_id
qualify place <= {{ var('reviews_a_day') }}
